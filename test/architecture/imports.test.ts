/** Holds the import table of ARCHITECTURE.md, and shows that each of its rules catches what it is there for. */
import { describe, expect, it } from 'vitest';
import { COMPUTED, specifiersOf } from './imports.ts';
import { sourcesIn } from './sources.ts';
import { violationsIn } from './table.ts';

describe('the project', () => {
  it.each(['shared', 'server', 'client/core', 'client/web', 'client/cli'])('keeps to the import table in %s', (folder) => {
    const files = sourcesIn(folder);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(violationsIn)).toEqual([]);
  });

  it('has nothing in the shared wire specification that names a message', () => {
    const files = sourcesIn('shared', /\.(proto|ts)$/, { generated: true });
    expect(files.map((file) => file.path)).toContain('shared/src/gen/thicket/relay/v1/relay_pb.ts');
    for (const file of files) expect(file.source, file.path).not.toMatch(/thicket[./](content|vault)\b/);
  });
});

describe('the table refuses', () => {
  const planted: readonly (readonly [what: string, file: string, source: string])[] = [
    ['a server that imports the client', 'server/src/log/log.service.ts', `import { Vault } from '#core/vault/port.ts';`],
    ['a server that reaches the client by a relative path', 'server/src/log/log.service.ts', `export * from '../../../client/core/vault/port.ts';`],
    ['a server that imports a message type only', 'server/src/log/log.service.ts', `import type { Message } from '#core/content/gen/thicket/content/v1/content_pb.ts';`],
    ['a server that names a message type in place', 'server/src/log/a.ts', `type M = import('#core/content/gen/thicket/content/v1/content_pb.ts').Message;`],
    ['a server that loads the client later', 'server/src/main.ts', `const core = await import('#core/session/api.ts');`],
    ['a server that loads the client by a template', 'server/src/main.ts', 'const core = await import(`#core/session/${name}.ts`);'],
    ['a server that requires the client', 'server/src/main.ts', `const core = require('../../client/core/vault/port.ts');`],
    ['a server that resolves the client', 'server/src/main.ts', `const core = import.meta.resolve('#core/vault/port.ts');`],
    ['a server that starts the client as a worker', 'server/src/main.ts', `new Worker(new URL('../../client/core/vault/port.ts', import.meta.url));`],
    ['a server that imports the built client', 'server/src/main.ts', `import '../../dist/client/core/vault/port.js';`],
    ['a server whose test imports the client', 'server/src/log/log.test.ts', `import '#core/vault/port.ts';`],
    ['an import nobody can read', 'server/src/main.ts', `await import(where);`],
    ['TypeORM in a service', 'server/src/log/log.service.ts', `import { DataSource } from 'typeorm';`],
    ['the store of another service', 'server/src/posting/posting.service.ts', `import { LogStore } from '../log/log.store.ts';`],
    ['a shared folder that knows the server', 'shared/src/ids.ts', `import '#server/log/log.service.ts';`],
    ['a shared folder that knows the client', 'shared/src/ids.ts', `import '../../client/core/vault/port.ts';`],
    ['a shared folder that reads files', 'shared/src/ids.ts', `import 'node:fs';`],
    ['a second importer of libsodium', 'client/core/vault/sealed.ts', `import sodium from 'libsodium-wrappers-sumo';`],
    ['libsodium in the server', 'server/src/posting/verify.ts', `import sodium from 'libsodium-wrappers-sumo';`],
    ['a second importer of ts-mls', 'client/core/session/session.ts', `import { createGroup } from 'ts-mls';`],
    ['an importer of the insides of ts-mls', 'client/core/session/session.ts', `import 'ts-mls/clientState.js';`],
    ['rules that do input and output', 'client/core/domain/people.ts', `import { readFile } from 'node:fs/promises';`],
    ['rules that know crypto', 'client/core/domain/people.ts', `import { utf8 } from '#shared/sodium.ts';`],
    ['rules that know a use case', 'client/core/domain/people.ts', `import type { Overview } from '../session/api.ts';`],
    ['encodings that know the rules', 'client/core/content/links.ts', `import '../domain/people.ts';`],
    ['a vault that knows the relay', 'client/core/vault/sealed.ts', `import type { Relay } from '../relay/port.ts';`],
    ['an MLS that knows the vault', 'client/core/mls/rooms.ts', `import '../vault/port.ts';`],
    ['a relay adapter that knows MLS', 'client/core/relay/http.ts', `import '#core/mls/port.ts';`],
    ['a use case that knows how things are stored', 'client/core/session/session.ts', `import '../vault/indexeddb.ts';`],
    ['a use case that opens a socket', 'client/core/session/session.ts', `import WebSocket from 'ws';`],
    ['a screen that does crypto', 'client/web/features/rooms/Room.tsx', `import { hash } from '#shared/sodium.ts'; export const A = () => <p>{hash}</p>;`],
    ['a screen that opens a vault', 'client/web/features/rooms/Room.tsx', `import '../../../core/vault/indexeddb.ts';`],
    ['a screen that talks to the relay', 'client/web/app/App.tsx', `import type { Relay } from '#core/relay/port.ts';`],
    ['a screen that stores', 'client/web/app/App.tsx', `import { openDB } from 'idb';`],
    ['a screen that knows the server', 'client/web/app/App.tsx', `import '#server/config/config.ts';`],
    ['a command that does crypto', 'client/cli/commands/send.ts', `import { createHash } from 'node:crypto';`],
    ['a command that knows MLS', 'client/cli/commands/send.ts', `import '#core/mls/port.ts';`],
    ['a product that leans on its tests', 'client/core/session/session.ts', `import './testing/fake.ts';`],
  ];

  it.each(planted)('%s', (_what, file, source) => {
    expect(violationsIn({ path: file, source })).toHaveLength(1);
  });
});

describe('the table allows', () => {
  const fine: readonly (readonly [what: string, file: string, source: string])[] = [
    ['a composition root that wires', 'client/web/workers/engine.ts', `import '#core/vault/indexeddb.ts'; import '#core/relay/http.ts';`],
    ['a use case that asks through ports', 'client/core/session/session.ts', `import type { Vault } from '../vault/port.ts';`],
    ['a use case that seals', 'client/core/session/session.ts', `import { aeadSeal } from '#shared/sodium.ts';`],
    ['an adapter that fills its port', 'client/core/vault/sealed.ts', `import type { Vault } from './port.ts';`],
    ['a store that uses TypeORM', 'server/src/log/log.store.typeorm.ts', `import { DataSource } from 'typeorm';`],
    ['words that only look like imports', 'server/src/main.ts', `// import '#shared/sodium.ts'\nexport const text = "import '#core/sodium.ts'";`],
  ];

  it.each(fine)('%s', (_what, file, source) => {
    expect(violationsIn({ path: file, source })).toEqual([]);
  });
});

it('reads every form of import', () => {
  const source = `
    import a from './a.ts'; import type { B } from './b.ts'; import './c.ts'; export * from './d.ts'; export { e } from './e.ts';
    export type { F } from './f.ts'; const g = import('./g.ts'); type H = import('./h.ts').H; import i = require('./i.ts');
    const j = require('./j.ts'); const k = import.meta.glob('./k/*.ts'); const l = new URL('./l.ts', import.meta.url);
    const m = import(\`./m/\${a}.ts\`); const n = import(a); export const o = 1;`;
  expect(specifiersOf('x.ts', source)).toEqual(
    ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts', './h.ts', './i.ts', './j.ts', './k/*.ts', './l.ts', './m/', COMPUTED]);
});
