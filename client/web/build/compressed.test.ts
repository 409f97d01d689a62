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

test('counts what the first screen needs, and ends a build that asks for too much', () => {
  write('assets/index-a.js', randomBytes(100 * 1024));
  write('assets/engine-b.js', randomBytes(100 * 1024));
  write('assets/libsodium-c.wasm', randomBytes(100 * 1024));
  write('assets/SettingsScreen-d.js', randomBytes(500 * 1024));
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  expect(Math.floor(firstLoad(html, compressAll(out)) / 1024)).toBe(300);
  const build = () => {
    const plugin = compressed() as unknown as { configResolved(config: object): void; closeBundle(this: object): void };
    plugin.configResolved({ build: { outDir: out } });
    plugin.closeBundle.call({ error: (words: string) => { throw new Error(words); } });
  };
  expect(build).not.toThrow();
  write('assets/engine-b.js', randomBytes(201 * 1024));
  expect(build).toThrow('first load: 401');
});
