/** What the write-ahead log of the relay's own PostgreSQL still tells of when things were written. */
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../database/database.ts';
import { openDataSource } from '../database/data-source.ts';
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts';
import { keepJournalShort } from './journal-keeper.ts';

const QUIET = { say: () => undefined, warn: () => undefined };
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'thicket-test-data-'));
  chmodSync(data, 0o755);
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

/** Microseconds from 1970 to 2000, where PostgreSQL's times begin. */
const EPOCH = 946_684_800_000_000n;

/** Times of PostgreSQL's kind (8 bytes, microseconds) in these files, between two moments in milliseconds. By chance one in 10^9 places looks like one. */
function timesIn(folder: string, from: number, until: number): number[] {
  const [low, high] = [BigInt(from) * 1000n - EPOCH, BigInt(until) * 1000n - EPOCH];
  const found: number[] = [];
  for (const name of readdirSync(folder).filter((file) => /^[0-9A-F]{24}$/.test(file))) {
    const bytes = readFileSync(join(folder, name));
    // The high half changes every 71 minutes only: looked for first, because it is quick.
    for (const half of new Set([low >> 32n, high >> 32n])) {
      const wanted = Buffer.alloc(4);
      wanted.writeUInt32LE(Number(half));
      for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) {
        const time = at < 4 ? 0n : bytes.readBigInt64LE(at - 4);
        if (time >= low && time <= high) found.push(Number((time + EPOCH) / 1000n));
      }
    }
  }
  return found;
}

it('leaves no time of a commit in the log once it has passed over it, and none at all when PostgreSQL has stopped', async () => {
  const postgres = await startEmbeddedPostgres({ dataDirectory: data, connections: 10, operator: QUIET });
  const source = await openDataSource(postgres.url, 4);
  const database = new Database(source);
  const log = join(postgres.directory, 'pg_wal');
  const keeper = await keepJournalShort(database, QUIET);
  const began = Date.now();
  await database.query('CREATE TABLE diary (entry int)');
  for (let entry = 0; entry < 50; entry += 1) await database.query('INSERT INTO diary VALUES ($1)', [entry]);
  const written = Date.now();
  // 51 commits; a time that lies across the edge of a page has the page's head in its middle, and is not seen by this.
  expect(timesIn(log, began, written).length).toBeGreaterThanOrEqual(45);
  await keeper.look();
  expect(timesIn(log, began, written)).toEqual([]);
  const [size] = await database.query<{ bytes: string }>('SELECT sum(size) AS bytes FROM pg_ls_waldir()');
  expect(Number(size?.bytes)).toBeLessThanOrEqual(32 * 1024 * 1024);

  // Nobody writes: the log stays as it is.
  const position = () => database.query('SELECT pg_current_wal_insert_lsn()::text AS position');
  const still = await position();
  await keeper.look();
  expect(await position()).toEqual(still);

  const later = Date.now();
  await database.query('INSERT INTO diary VALUES (51)');
  await keeper.stop({ lastPass: true });
  await source.destroy();
  await postgres.stop();
  expect(timesIn(log, began, Date.now()).filter((time) => time >= later)).toEqual([]);
  const again = await startEmbeddedPostgres({ dataDirectory: data, connections: 10, operator: QUIET });
  const reopened = await openDataSource(again.url, 4);
  expect(await new Database(reopened).query('SELECT count(*)::int AS entries FROM diary')).toEqual([{ entries: 51 }]);
  await reopened.destroy();
  await again.stop();
}, 120_000);

it('says so where the role may not, and does nothing', async () => {
  const said: string[] = [];
  const { testPostgres } = await import('../../../test/harness/postgres.ts');
  const fresh = await (await testPostgres()).freshDatabase();
  await fresh.query(`CREATE ROLE thicket_modest LOGIN PASSWORD 'test'`);
  const url = new URL(fresh.url);
  url.username = 'thicket_modest';
  url.password = 'test';
  const source = await openDataSource(url.href, 4);
  const keeper = await keepJournalShort(new Database(source), { say: (line) => void said.push(line), warn: () => undefined });
  await keeper.look();
  expect(said).toHaveLength(1);
  await source.destroy();
}, 120_000);
