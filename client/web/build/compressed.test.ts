import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compressAll, compressed, firstLoad } from './compressed.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'thicket-test-build-'));
  mkdirSync(join(out, 'assets'));
  writeFileSync(join(out, 'index.html'), '<!doctype html><script type="module" src="/assets/index-a.js"></script>');
});
afterEach(() => rmSync(out, { recursive: true }));
const write = (path: string, bytes: string | Buffer) => writeFileSync(join(out, path), bytes);

test('writes both forms beside text and WebAssembly, and leaves fonts and trifles alone', () => {
  const code = 'const quiet = "river";\n'.repeat(400);
  write('assets/index-a.js', code);
  write('assets/one.wasm', Buffer.alloc(9_000, 3));
  write('assets/letters.woff2', randomBytes(9_000));
  compressAll(out);
  expect(gunzipSync(readFileSync(join(out, 'assets/index-a.js.gz'))).toString()).toBe(code);
  expect(brotliDecompressSync(readFileSync(join(out, 'assets/index-a.js.br'))).toString()).toBe(code);
  expect(existsSync(join(out, 'assets/one.wasm.br'))).toBe(true);
  for (const path of ['assets/letters.woff2.br', 'index.html.gz']) expect(existsSync(join(out, path)), path).toBe(false);
});

/** Bytes that no compression makes less of, behind some code. */
const chunk = (code: string, kib = 100): Buffer => Buffer.concat([Buffer.from(code), randomBytes(kib * 1024)]);
const build = () => {
  const plugin = compressed() as unknown as { configResolved(config: object): void; closeBundle(this: object): void };
  plugin.configResolved({ build: { outDir: out } });
  plugin.closeBundle.call({ error: (words: string) => { throw new Error(words); } });
};

test('counts what the first screen needs, and ends a build that asks for too much', () => {
  write('assets/index-a.js', chunk('import{a as b}from"./shared-b.js";var at=`/assets/worker-c.js`;const later=()=>import(`./Settings-e.js`);'));
  write('assets/shared-b.js', chunk('export{x}from"./deep-f.js";', 10));
  write('assets/deep-f.js', chunk('', 10));
  write('assets/worker-c.js', chunk('import"./parts-g.js";fetch(`/assets/libsodium-d.wasm`);import(`./tokens-h.js`)'));
  write('assets/parts-g.js', chunk('', 10));
  write('assets/libsodium-d.wasm', chunk(''));
  for (const later of ['Settings-e.js', 'tokens-h.js']) write(`assets/${later}`, chunk('', 40));
  expect(Math.floor((firstLoad(out, compressAll(out)) ?? 0) / 1024)).toBe(330);
  expect(build).not.toThrow();
  write('assets/parts-g.js', chunk('', 81));
  expect(build).toThrow('first load: 401');
});

test('ends a build whose engine it does not find', () => {
  write('assets/index-a.js', 'new Worker(somewhere)');
  write('assets/libsodium-d.wasm', chunk(''));
  expect(build).toThrow('can be followed');
});
