import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { type Week, dayOf, firstDayOf, weekOf } from '#shared/ids.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { WireHub, random } from '../../../test/harness/wire.ts';

describe('retention', () => {
  const calendar = testCalendar();
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay({ calendar });
    hub = await WireHub.found(relay);
  }, 60_000);
  afterAll(() => relay.stop());

  const partitions = async () =>
    (await relay.database.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relname ~ '^bodies_[0-9]+$' ORDER BY 1")).map(({ name }) => name);
  const keyDays = () => readdirSync(relay.database.keys).filter((name) => name.endsWith('.key')).map((name) => Number(name.split('-')[0])).sort();

  it('forgets each kind after its days, at the next start, with its bodies and their key, lists what is gone, and goes on counting', async () => {
    const mailbox = await hub.openMailbox();
    await mailbox.post();
    await mailbox.post(random(16_384), { kind: Kind.NOTICE });
    await mailbox.commit();
    await hub.drop();
    await mailbox.post();
    const [posts, commits] = [calendar.today() + RETENTION_DAYS.post + 1, calendar.today() + RETENTION_DAYS.commit + 1];
    // Fourteen days are kept, the fifteenth is not.
    calendar.pass(RETENTION_DAYS.post);
    await relay.restart();
    expect((await hub.wire.page(0, 0, hub.pass)).records).toHaveLength(5);
    expect([await partitions(), keyDays()]).toEqual([[`bodies_${posts}`, `bodies_${commits}`], [posts, commits]]);
    calendar.pass(1);
    // What is over is not handed out, whether it has been deleted yet or not.
    const expectWithoutPosts = async () => {
      const page = await hub.wire.page(0, 0, hub.pass);
      expect(page.records.map(({ kind }) => kind)).toEqual([Kind.NOTICE, Kind.COMMIT, Kind.DROP]);
      expect(page.expired.map(({ first, last }) => [Number(first), Number(last)])).toEqual([[1, 1], [5, 5]]);
    };
    await expectWithoutPosts();
    await relay.restart();
    await expectWithoutPosts();
    expect([await partitions(), keyDays()]).toEqual([[`bodies_${commits}`], [commits]]);
    expect(await relay.database.query('SELECT expires FROM day_keys')).toEqual([{ expires: commits }]);
    calendar.pass(RETENTION_DAYS.commit - RETENTION_DAYS.post);
    await relay.restart();
    expect((await hub.wire.page(0, 0, hub.pass)).records).toEqual([]);
    expect([await partitions(), keyDays()]).toEqual([[], []]);
    expect((await mailbox.post()).seq).toBe(6);
  });

  it('destroys the keys of a day that is over even while the database is away', async () => {
    await (await hub.openMailbox()).post();
    expect(keyDays()).not.toEqual([]);
    calendar.pass(RETENTION_DAYS.commit + 1);
    await relay.database.query('ALTER TABLE bodies RENAME TO elsewhere');
    await relay.restart();
    await relay.database.query('ALTER TABLE elsewhere RENAME TO bodies');
    expect(keyDays()).toEqual([]);
    expect(relay.lines).toContain('Not everything that is over could be deleted; trying again every minute.');
  });

  it('forgets key packages and meeting places as well', async () => {
    const old = dayOf(Date.now()) - 100;
    await relay.database.query('INSERT INTO pools (pool, owner_hash, day) VALUES ($1, $2, $3)', [Buffer.alloc(16), Buffer.alloc(32), old]);
    await relay.database.query('INSERT INTO key_packages (pool, package, day) VALUES ($1, $2, $3)', [Buffer.alloc(16), Buffer.alloc(32), old]);
    await relay.database.query('INSERT INTO rendezvous (rendezvous, owner_hash, day) VALUES ($1, $2, $3)', [Buffer.alloc(16), Buffer.alloc(32), old]);
    await relay.restart();
    for (const table of ['pools', 'key_packages', 'rendezvous']) expect(await relay.database.query(`SELECT 1 AS row FROM ${table}`)).toEqual([]);
  });

  it('remembers what was spent until no relay takes the week any more, and what was drawn as long', async () => {
    const nonce = (number: number) => Buffer.alloc(32, number);
    const week = weekOf(calendar.today());
    await relay.database.query('DELETE FROM spent_tokens');
    await relay.database.query('DELETE FROM draws');
    for (const [table, number] of [['spent_tokens', 1], ['spent_tickets', 2]] as const) {
      await relay.database.query(`INSERT INTO ${table} (week, nonce) VALUES ($1, $2)`, [week, nonce(number)]);
    }
    await relay.database.query('INSERT INTO draws (week, pass, kind, drawn, last_request_hash) VALUES ($1, $2, 1, 5, $3)', [week, Buffer.alloc(16), nonce(3)]);
    await relay.database.query('INSERT INTO new_passes (week, made) VALUES ($1, 5)', [week]);
    const left = async () => Promise.all(['spent_tokens', 'spent_tickets', 'draws', 'new_passes'].map(async (table) =>
      (await relay.database.query(`SELECT 1 AS row FROM ${table} WHERE week = $1`, [week])).length));
    while (calendar.today() < firstDayOf((week + 1) as Week) + 1) calendar.pass(1);
    await relay.restart();
    expect(await left()).toEqual([1, 1, 1, 1]);
    calendar.pass(1);
    await relay.restart();
    expect(await left()).toEqual([0, 1, 0, 0]);
    calendar.pass(27);
    await relay.restart();
    expect(await left()).toEqual([0, 1, 0, 0]);
    calendar.pass(1);
    await relay.restart();
    expect(await left()).toEqual([0, 0, 0, 0]);
  });
});

describe('a clock that jumps', () => {
  it('for an hour destroys nothing and hides nothing; where it stays, what is over goes after two days', async () => {
    const calendar = testCalendar();
    const relay = await startTestRelay({ calendar });
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    await mailbox.post();
    await mailbox.commit();
    const keys = () => readdirSync(relay.database.keys).filter((name) => name.endsWith('.key'));
    const before = keys();
    const kept = async () => {
      const page = await hub.wire.page(0, 0, hub.pass);
      const spent = await relay.database.query('SELECT 1 AS row FROM spent_tokens');
      return [page.records.length, page.expired.length, keys().length, spent.length > 0];
    };
    const all = [2, 0, before.length, true];
    expect(before).toHaveLength(2);
    // While it runs, at a start, at the next start, and back again.
    calendar.jump(100);
    expect(await kept()).toEqual(all);
    for (const days of [0, 1, -101]) {
      calendar.jump(days);
      await relay.restart();
      expect(await kept()).toEqual(all);
    }
    expect(relay.lines.filter((line) => line.includes('The clock shows 100 days more'))).toHaveLength(1);
    // A hub that was switched off keeps what it promised, two days late.
    calendar.jump(100);
    await relay.restart();
    calendar.jump(2);
    await relay.restart();
    expect(await kept()).toEqual([0, 1, 0, false]);
    await relay.stop();
  }, 60_000);
});
