import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serviceWorkerFor } from './service-worker.ts';

it('lists what a build is made of, each with its hash, and is another one when a byte of it is another', () => {
  const out = mkdtempSync(join(tmpdir(), 'thicket-test-sw-'));
  try {
    mkdirSync(join(out, 'assets'));
    for (const [path, text] of [['index.html', 'page'], ['assets/a.js', 'code'], ['assets/a.js.br', 'packed'], ['sw.js', 'old']] as const) writeFileSync(join(out, path), text);
    const first = serviceWorkerFor(out);
    expect(first).toMatch(/\[\{"path":"assets\/a\.js","integrity":"sha256-[A-Za-z0-9+/]{43}="\},\{"path":"index\.html","integrity":"sha256-[^"]{44}"\}\]/);
    expect(first).not.toContain('a.js.br');
    expect(first).not.toContain('"sw.js"');
    // What the first screen needs is counted by whole addresses: a list of everything must not look like one.
    expect(first).not.toContain('"/assets/');
    expect(() => new Function(first)).not.toThrow();
    writeFileSync(join(out, 'assets/a.js'), 'other code');
    expect(serviceWorkerFor(out).split('\n')[0]).not.toBe(first.split('\n')[0]);
  } finally {
    rmSync(out, { recursive: true });
  }
});
