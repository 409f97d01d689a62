/** The program `thicket`: gives `run` this process. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { homeAt } from './compose.ts';
import { run } from './run.ts';
import { EXIT } from './words.ts';

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

function version(): string {
  for (const up of ['../../', '../../../']) {
    try {
      return (JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8')) as { version: string }).version;
    } catch {
      // Sources stand two levels below package.json, the build three.
    }
  }
  return 'unknown';
}

const code = await run(process.argv.slice(2), {
  env: process.env,
  version: version(),
  home: homeAt,
  lines: () => createInterface({ input: process.stdin, crlfDelay: Infinity }),
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  interrupted: interrupted.signal,
});
// Idle connections would keep the process for a while; everything that matters is on the disk.
process.stdout.write('', () => process.exit(code));
