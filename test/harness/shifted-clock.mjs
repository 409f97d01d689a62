// Loaded into a spawned relay by test-calendar.ts: Date.now() runs ahead by what the file says. PostgreSQL keeps real time.
import { readFileSync, statSync } from 'node:fs';

const file = process.env.THICKET_TEST_CLOCK;
const real = Date.now;
let shift = 0;
let read = 0;
let changed = -1;

Date.now = () => {
  const now = real();
  // Looked at ten times a second at most: whoever asks the time in a loop should not read a file for it.
  if (now - read > 100) {
    read = now;
    const { mtimeMs } = statSync(file);
    if (mtimeMs !== changed) {
      shift = Number(readFileSync(file, 'utf8')) || 0;
      changed = mtimeMs;
    }
  }
  return now + shift;
};
