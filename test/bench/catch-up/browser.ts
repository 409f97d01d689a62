/** The reader in Chromium, from outside: its own small page with the web client's engine in a worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { startBrowser } from '../../harness/browser.ts';
import type { Reader } from './reader.ts';

/** @returns the folder of the built page */
export async function builtPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'thicket-bench-page-'));
  // Aliases, treatment of WebAssembly and targets are the web client's own.
  await build({
    configFile: fileURLToPath(new URL('../../../client/web/vite.config.ts', import.meta.url)),
    root: fileURLToPath(new URL('web', import.meta.url)), logLevel: 'error', build: { outDir, emptyOutDir: true },
  });
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  return outDir;
}

export interface BrowserReader extends Reader {
  /** "Chromium 140.0" */
  readonly browser: string;
  stop(): Promise<void>;
}

export async function browserReader(origin: string): Promise<BrowserReader> {
  const browser: Browser = await startBrowser();
  const page: Page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  await page.goto(origin);
  await page.waitForFunction(() => 'ask' in globalThis);
  const ask = async <Result>(method: keyof Reader, ...args: string[]): Promise<Result> =>
    page.evaluate(([name, given]) => (globalThis as unknown as { ask(method: string, args: readonly string[]): Promise<unknown> }).ask(name, given), [method, args] as const) as Promise<Result>;
  return {
    browser: `Chromium ${browser.version()}`,
    join: (link, passphrase) => ask('join', link, passphrase),
    isIn: () => ask('isIn'),
    catchUp: () => ask('catchUp'),
    catchUpTimed: () => ask('catchUpTimed'),
    count: () => ask('count'),
    openAlone: () => ask('openAlone'),
    stop: () => browser.close(),
  };
}
