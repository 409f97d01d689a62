/** Before the tests in browsers: builds `dist/quick-web` when something it is made from is newer. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { asShipped } from './built-page.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILT = join(ROOT, 'dist/quick-web/index.html');
const SOURCES = ['package-lock.json', 'shared/src', 'client/core', 'client/web', 'test/harness/pace.ts', 'test/harness/quick-pace.ts', 'test/harness/quick-web.config.ts'];

export async function setup(): Promise<void> {
  if (existsSync(BUILT) && SOURCES.every((path) => newestOf(join(ROOT, path)) < statSync(BUILT).mtimeMs)) return;
  await asShipped(() => build({ configFile: join(ROOT, 'test/harness/quick-web.config.ts') }));
}

/** When what lies at or below a path was last written, in milliseconds since 1970. */
function newestOf(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestOf(join(path, name))));
}
