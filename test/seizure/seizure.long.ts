/** Thirty people for a fortnight, and then everything on the machine is taken. Prints the table that docs/seizure.md shows. */
import { expect, it } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { livedAndSeized } from './run.ts';
import { asTable, broken } from './table.ts';

const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());

// The memory of processes is read from /proc.
it.runIf(process.platform === 'linux')(`whoever takes the whole machine gets counts, padded sizes and days (seed ${seed})`, async () => {
  const { rows, details } = await livedAndSeized({ seed, members: 30, days: 17, stride: 1, rooms: 6, messagesADay: 8, restarts: [6, 12], files: true, clocks: true });
  console.log(`${asTable(rows)}\n\n${details.filter((line) => !line.startsWith('body of a kept record')).join('\n')}`);
  expect(broken(rows)).toEqual([]);
}, 3_600_000);
