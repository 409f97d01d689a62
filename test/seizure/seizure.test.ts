/** A small seizure: a few people, sixteen days in three steps. The whole one, with its table, is seizure.long.ts. */
import { expect, it } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { livedAndSeized } from './run.ts';
import { broken } from './table.ts';

const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());

// The memory of processes is read from /proc.
it.runIf(process.platform === 'linux')(`whoever takes the whole machine gets counts, padded sizes and days (seed ${seed})`, async () => {
  const { rows, details } = await livedAndSeized({ seed, members: 5, days: 3, stride: 8, rooms: 1, messagesADay: 3, restarts: [], files: false, clocks: false });
  expect(broken(rows), details.join('\n')).toEqual([]);
  const row = (sought: string, where: string) => rows.find((each) => each.sought === sought && each.where === where);
  // The search works: what may be found was found, and there was something to be gone.
  expect(row('body of a kept record', 'opened with the keys found')).toMatchObject({ found: 6, of: 6 });
  expect(row('body of a kept record', 'in memory')?.found).toBeGreaterThan(0);
  expect(row('body of an expired record', 'on the disk and in a backup')).toMatchObject({ found: 0, of: 3 });
}, 600_000);
