/** PostgreSQL is killed with -9 again and again while people write and its log is being written over without a pause. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Database } from '#server/database/database.ts';
import { openDataSource } from '#server/database/data-source.ts';
import { passOver } from '#server/database/journal.ts';
import { startEmbeddedPostgres } from '#server/operations/embedded-postgres/embedded-postgres.ts';
import { chanceFrom, freshSeed } from '../harness/chance.ts';
import { until } from '../harness/people.ts';

const KILLS = 30;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('a database that is killed while its journal is passed over loses and repeats nothing that was acknowledged', async () => {
  const data = mkdtempSync(join(tmpdir(), 'thicket-test-data-'));
  chmodSync(data, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDirectory: data, connections: 20, operator: { say: () => undefined, warn: () => undefined } });
  const source = await openDataSource(postgres.url, 10);
  const database = new Database(source);
  await database.query('CREATE TABLE kept (number bigint)');
  const pidFile = join(postgres.directory, 'postmaster.pid');
  /** undefined while a new one starts. */
  const postmaster = (): number | undefined => (existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) || undefined : undefined);
  const acknowledged = new Set<number>();
  let next = 0;
  let running = true;
  const write = async () => {
    while (running) {
      const number = (next += 1);
      await database.query('INSERT INTO kept VALUES ($1)', [number]).then(() => acknowledged.add(number), () => pause(20));
    }
  };
  const passes = async () => {
    while (running) await passOver(database).catch(() => pause(50));
  };
  const everybody = [write(), write(), write(), write(), passes()];
  const seed = freshSeed();
  console.log(`killing PostgreSQL ${KILLS} times, seed ${seed}`);
  const chance = chanceFrom(seed);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await pause(chance.below(1_500));
    const killed = postmaster();
    process.kill(killed as number, 'SIGKILL');
    const before = acknowledged.size;
    // Servers of connections outlive their master for a moment, and may still acknowledge.
    await until(() => ![undefined, killed].includes(postmaster()) && acknowledged.size >= before + 10, `rows to be written after kill ${kill + 1}`, 60_000);
  }
  running = false;
  await Promise.all(everybody);
  const rows = await database.query<{ number: string }>('SELECT number FROM kept');
  const kept = new Set(rows.map(({ number }) => Number(number)));
  console.log(`${acknowledged.size} rows acknowledged`);
  expect([...acknowledged].filter((number) => !kept.has(number))).toEqual([]);
  expect(kept.size).toBe(rows.length);
  await source.destroy();
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
});
