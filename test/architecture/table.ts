/** The import table of ARCHITECTURE.md as code: who may import whom, and which packages have one home. */
import { COMPUTED, specifiersOf, targetOf } from './imports.ts';

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly source: string;
}

/** A part of the project. The first whose pattern matches a path is the one it belongs to. */
const PARTS = [
  ['sodium', /^shared\/src\/sodium\.ts$/],
  ['hpke', /^shared\/src\/hpke\.ts$/],
  // Constructions of RFCs that both ends of a wire compute.
  ['constructions', /^shared\/src\/(voprf|ohttp)\//],
  ['shared', /^shared\//],
  ['server', /^server\//],
  ['port', /^client\/core\/(mls|vault|relay)\/port\.ts$/],
  ['domain', /^client\/core\/domain\//],
  ['content', /^client\/core\/content\//],
  ['mls', /^client\/core\/mls\//],
  ['vault', /^client\/core\/vault\//],
  ['relay', /^client\/core\/relay\//],
  ['session', /^client\/core\/session\//],
  ['web', /^client\/web\//],
  ['cli', /^client\/cli\//],
] as const;
type Part = (typeof PARTS)[number][0];

/** What a part may import besides itself. */
const MAY_IMPORT: Record<Part, readonly Part[]> = {
  shared: [],
  server: ['shared', 'sodium', 'hpke', 'constructions'],
  sodium: ['shared'],
  hpke: ['shared', 'sodium'],
  constructions: ['shared', 'sodium', 'hpke'],
  port: ['shared'],
  domain: ['shared', 'content'],
  content: ['shared'],
  mls: ['shared', 'sodium', 'hpke', 'content', 'port'],
  vault: ['shared', 'sodium', 'content', 'port'],
  relay: ['shared', 'sodium', 'hpke', 'constructions', 'port'],
  session: ['shared', 'domain', 'content', 'sodium', 'hpke', 'constructions', 'port'],
  web: ['shared', 'session', 'domain'],
  cli: ['shared', 'session', 'domain'],
};

/** Files that put the parts together and therefore see all that they wire. */
const COMPOSITION_ROOTS = /^client\/(web\/workers\/engine\.ts|cli\/(main|compose)\.ts)$/;

/** A package and the only place that may import it. */
const HOMES = [
  { packages: /^libsodium/, home: /^shared\/src\/sodium\.ts$/, name: 'libsodium belongs to shared/src/sodium.ts' },
  { packages: /^@cloudflare\/voprf-ts($|\/)/, home: /^shared\/src\/voprf\//, name: 'voprf-ts belongs to shared/src/voprf' },
  { packages: /^ts-mls($|\/)/, home: /^client\/core\/mls\//, name: 'ts-mls belongs to client/core/mls' },
  {
    packages: /^(typeorm|@nestjs\/typeorm)($|\/)/,
    home: /^server\/src\/(database\/|.*\.store\.typeorm\.ts$|.*\.entity\.ts$)/,
    name: 'TypeORM belongs to server/src/database, entities and *.store.typeorm.ts',
  },
] as const;

const NODE = /^node:|^(fs|path|os|net|http|https|tls|crypto|child_process|worker_threads|dgram|dns|stream|url|zlib)($|\/)/;
const STORAGE_AND_TRANSPORT = /^(idb|ws|pg|dexie|undici|axios|better-sqlite3)($|\/)/;
const CRYPTO = /^(@noble|@hpke|@cloudflare|libsodium|ts-mls|tweetnacl|hash-wasm|node-forge)/;
const NODE_EFFECTS = /^(node:)?(net|http|https|http2|tls|dgram|dns|crypto|sqlite)($|\/)/;

/** Packages a part must do without. */
const WITHOUT: Partial<Record<Part, readonly RegExp[]>> = {
  shared: [NODE, STORAGE_AND_TRANSPORT, CRYPTO],
  domain: [NODE, STORAGE_AND_TRANSPORT, CRYPTO],
  content: [NODE, STORAGE_AND_TRANSPORT, CRYPTO],
  session: [NODE, STORAGE_AND_TRANSPORT, CRYPTO],
  web: [NODE, STORAGE_AND_TRANSPORT, CRYPTO],
  cli: [NODE_EFFECTS, STORAGE_AND_TRANSPORT, CRYPTO],
};

const partOf = (path: string): Part | undefined => PARTS.find(([, pattern]) => pattern.test(path))?.[0];

/** A file that only helps tests: it may look inside, except that nothing of the server ever sees the client. */
const isForTests = (path: string): boolean => /\.(test|long)\.tsx?$/.test(path) || /\/testing\//.test(path);
const isBuildSetup = (path: string): boolean => /(^|\/)vite\.config\.ts$|^client\/web\/build\//.test(path);

/** @returns one sentence for every import that breaks the table */
export function violationsIn(file: SourceFile): string[] {
  const part = partOf(file.path);
  if (part === undefined || isBuildSetup(file.path)) return [];
  return specifiersOf(file.path, file.source).flatMap((specifier) => {
    const why = whyNot(file.path, part, specifier);
    return why === undefined ? [] : [`${file.path} imports "${specifier}": ${why}`];
  });
}

function whyNot(path: string, part: Part, specifier: string): string | undefined {
  if (specifier === COMPUTED) return 'what is imported must be readable in the source';
  const target = targetOf(path, specifier);
  if ('ours' in target) return whyNotOurs(path, part, target.ours);
  return whyNotTheirs(path, part, target.theirs);
}

function whyNotOurs(path: string, part: Part, target: string): string | undefined {
  const other = partOf(target);
  if (part === 'server' && /(^|\/)client\//.test(target)) return 'the server never imports the client';
  if (isForTests(path)) return undefined;
  if (other === undefined) return 'only the parts of the project may be imported, not what is built from them or beside them';
  if (isForTests(target)) return 'this is for tests only';
  if (part === 'server' && other === part) return whyNotInServer(path, target);
  if (other === part || COMPOSITION_ROOTS.test(path)) return undefined;
  // A port stands at its folder's door: the folder itself fills it, the session asks through it.
  if (other === 'port' && !mayUsePort(part, target)) return forbidden(part, target);
  return MAY_IMPORT[part].includes(other) ? undefined : forbidden(part, other);
}

const mayUsePort = (part: Part, port: string): boolean => part === 'session' || port.startsWith(`client/core/${part}/`);

const forbidden = (part: Part, other: string): string =>
  `${part} may import ${[...MAY_IMPORT[part], 'itself'].join(', ')}, not ${other}`;

/** Within the server, a service meets another service, never the other one's store. */
function whyNotInServer(path: string, target: string): string | undefined {
  const wires = /^server\/src\/[^/]+\.ts$|\.module\.ts$|^server\/src\/database\//.test(path);
  if (wires || !/\.store(\.typeorm)?\.ts$/.test(target)) return undefined;
  return folderOf(path) === folderOf(target) ? undefined : 'a service uses its own store and other services, not their stores';
}
const folderOf = (path: string): string => path.split('/').slice(0, 3).join('/');

function whyNotTheirs(path: string, part: Part, name: string): string | undefined {
  if (isForTests(path)) return undefined;
  const strayed = HOMES.find(({ packages, home }) => packages.test(name) && !home.test(path));
  if (strayed !== undefined) return strayed.name;
  if (COMPOSITION_ROOTS.test(path)) return undefined;
  return WITHOUT[part]?.some((pattern) => pattern.test(name)) ? `${part} reaches no crypto, storage or network by itself` : undefined;
}
