/** The program `thicket`: gives `run` this process. */
import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** The project's folder: two levels above the sources of this file, three above what is built from them. */
const root = [join(import.meta.dirname, '../..'), join(import.meta.dirname, '../../..')].find((folder) => existsSync(join(folder, 'package.json')))
  ?? dirname(import.meta.dirname);

// Halves the start. Beside the packages, where only whoever installed them can write; a shared /tmp would not do.
enableCompileCache(join(root, 'node_modules/.cache/thicket-compiled'));
const [{ run }, { frontDoor, homeAt }, { EXIT }] = await Promise.all([import('./run.ts'), import('./compose.ts'), import('./words.ts')]);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
// The reader of our output went away (`| head`): nothing is left to do.
process.stdout.on('error', () => interrupted.abort());

// Whatever slips through: one sentence, never a stack.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, () => {
    process.stderr.write('thicket: This program met an error of its own.\n');
    process.exit(EXIT.internal);
  });
}

const version = (): string => (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

const code = await run(process.argv.slice(2), {
  env: process.env,
  version,
  home: homeAt,
  lines: () => createInterface({ input: process.stdin, crlfDelay: Infinity }),
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  interrupted: interrupted.signal,
  frontDoor,
});
// Idle connections would keep the process for a while; everything that matters is on the disk.
process.exitCode = code;
process.stdout.write('', () => process.exit(code));
