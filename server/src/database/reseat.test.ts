import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelayRefusal } from '#shared/errors.ts';
import { type TestDatabase, testPostgres } from '../../../test/harness/postgres.ts';
import { startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub } from '../../../test/harness/wire.ts';
import { Database } from './database.ts';
import { openDataSource } from './data-source.ts';
import { reseatTables } from './reseat.ts';

describe('putting rows down anew', () => {
  let fresh: TestDatabase;
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    fresh = await (await testPostgres()).freshDatabase();
    const source = await openDataSource(fresh.url, 10);
    close = () => source.destroy();
    database = new Database(source);
  }, 60_000);
  afterAll(() => close());

  it('leaves every row as it was, and neither place nor transaction tells which came when', async () => {
    for (let count = 0; count < 40; count += 1) {
      await database.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [Buffer.alloc(16, count), Buffer.alloc(32, count)]);
      await database.query('INSERT INTO mailboxes (mailbox, verify_key) VALUES ($1, $2)', [Buffer.alloc(16, count + 1), Buffer.alloc(32, count)]);
    }
    await database.query(`INSERT INTO pools (pool, owner_hash, day) SELECT substring(sha256(n::text::bytea) FOR 16), 'owner', 1 FROM generate_series(1, 30) n`);
    await database.query(`INSERT INTO key_packages (pool, package, day) SELECT pool, 'package', 2 FROM pools, generate_series(1, 3)`);
    const content = async () => (await fresh.dump()).split('\n').map((row) => row.replace(/^(\("\\\\x[0-9a-f]{32}"),\d+,/, '$1,number,')).sort();
    const order = async (table: string) => (await database.query<{ first: number }>(`SELECT get_byte(${table === 'passes' ? 'pass' : 'mailbox'}, 0) AS first FROM ${table} ORDER BY ctid`)).map(({ first }) => first);
    const before = { content: await content(), passes: await order('passes'), mailboxes: await order('mailboxes') };
    await reseatTables(database, 'all');
    expect(await content()).toEqual(before.content);
    for (const table of ['passes', 'mailboxes', 'pools', 'key_packages']) {
      expect(await database.query(`SELECT count(DISTINCT xmin::text)::int AS writers FROM ${table}`)).toEqual([{ writers: 1 }]);
    }
    expect(await order('passes')).not.toEqual(before.passes);
    expect(await order('mailboxes')).not.toEqual(before.mailboxes);
    expect((await order('passes')).sort((a, b) => a - b)).toEqual(before.passes);
  });

  it('leaves a backup that began before with every row', async () => {
    for (let count = 100; count < 200; count += 1) {
      await database.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [Buffer.alloc(16, count), Buffer.alloc(32, count)]);
    }
    const [{ live } = { live: 0 }] = await database.query<{ live: number }>('SELECT count(*)::int AS live FROM passes');
    // As pg_dump does: the snapshot first, and the tables later.
    const seen = await database.transaction(async (sql) => {
      await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await sql.query('SELECT 1');
      await reseatTables(database, 'all');
      return sql.query<{ seen: number }>('SELECT count(*)::int AS seen FROM passes');
    });
    expect(live).toBeGreaterThanOrEqual(100);
    expect(seen).toEqual([{ seen: live }]);
  });

  it('waits for nobody for long, so that nobody waits behind it', async () => {
    await database.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [Buffer.alloc(16, 250), Buffer.alloc(32, 250)]);
    await database.transaction(async (sql) => {
      await sql.query('SELECT 1 FROM passes');
      const began = performance.now();
      await expect(reseatTables(database, 'narrow')).rejects.toMatchObject({ code: 'storage-unavailable' });
      expect(performance.now() - began).toBeLessThan(5_000);
    });
    await reseatTables(database, 'narrow');
  });

  it('may be done while people read, post and open mailboxes', async () => {
    const relay = await startTestRelay({ database: fresh });
    const hub = await WireHub.found(relay);
    let running = true;
    let acts = 0;
    const refusals: string[] = [];
    const people = Array.from({ length: 6 }, async () => {
      const mailbox = await hub.openMailbox();
      while (running) {
        await Promise.all([mailbox.post(), hub.openMailbox(), hub.wire.page(0, 0, hub.pass)].map((act) => act.then(
          () => void (acts += 1),
          (error: unknown) => void refusals.push(error instanceof RelayRefusal ? error.code : String(error)),
        )));
      }
    });
    const began = performance.now();
    let rounds = 0;
    while (acts < 12 || rounds < 2) {
      // Somebody may hold a table for longer than we wait: then it is done the next time.
      await reseatTables(database, 'all').catch((error: unknown) => expect(error).toMatchObject({ code: 'storage-unavailable' }));
      rounds += 1;
    }
    console.log(`putting rows down anew: ${((performance.now() - began) / rounds).toFixed(0)} ms a time, while six people work`);
    running = false;
    await Promise.all(people);
    await relay.stop();
    expect(refusals).toEqual([]);
  }, 60_000);
});
