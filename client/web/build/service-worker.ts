/** Writes sw.js: the service worker with the list of what this build is made of, each file with its hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

const SOURCE = new URL('../workers/service-worker.ts', import.meta.url);
/** Compressed copies are the server's to hand out. */
const LEFT_OUT = /\.(?:br|gz)$|^sw\.js$/;

/** @returns what sw.js says for a folder that holds a build */
export function serviceWorkerFor(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(directory, file).replaceAll('\\', '/'), bytes: readFileSync(file) }))
    .filter(({ path }) => !LEFT_OUT.test(path))
    .map(({ path, bytes }) => ({ path, integrity: `sha256-${createHash('sha256').update(bytes).digest('base64')}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const build = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const source = stripTypeScriptTypes(readFileSync(SOURCE, 'utf8'));
  return `const THICKET_BUILD = '${build}';\nconst THICKET_FILES = ${JSON.stringify(files)};\n${source}`;
}

export const serviceWorker = (): Plugin => {
  let directory = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (config) => void (directory = config.build.outDir),
    closeBundle: () => writeFileSync(join(directory, 'sw.js'), serviceWorkerFor(directory)),
  };
};
