/** A browser that can be killed: Chromium with a profile on the disk, as a process group of its own, talked to over its debugging port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { BROWSER_ARGUMENTS, BROWSER_PATH } from './browser.ts';
import { until } from './until.ts';

export class MortalBrowser {
  readonly #process: ChildProcess;
  readonly #browser: Browser;
  readonly #over: Promise<void>;

  private constructor(process: ChildProcess, browser: Browser, over: Promise<void>) {
    this.#process = process;
    this.#browser = browser;
    this.#over = over;
  }

  /** Starts it on a profile, which may have lived through a kill. */
  static async start(profile: string): Promise<MortalBrowser> {
    const portFile = join(profile, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    // A killed one leaves its lock behind, which names a process that is no more.
    for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) rmSync(join(profile, lock), { force: true });
    const child = spawn(BROWSER_PATH, [...BROWSER_ARGUMENTS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--lang=en-GB', '--force-prefers-reduced-motion', 'about:blank'],
      { detached: true, stdio: 'ignore' });
    const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await until(() => portIn(portFile) !== undefined, 'the browser to listen', 60_000);
    return new MortalBrowser(child, await chromium.connectOverCDP(`http://127.0.0.1:${portIn(portFile)}`), over);
  }

  get context(): BrowserContext {
    return this.#browser.contexts()[0] as BrowserContext;
  }

  /** All of its processes at once, at whatever they are. */
  async kill(): Promise<void> {
    process.kill(-(this.#process.pid as number), 'SIGKILL');
    await this.#over;
    await this.#browser.close().catch(() => undefined);
  }
}

function portIn(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8').split('\n')[0]);
    return port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}
