import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase } from '../../../test/harness/postgres.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, random, randomPass } from '../../../test/harness/wire.ts';
import { shardOf } from '#shared/ids.ts';
import { gapsIn, runsOf } from './runs.ts';

describe('pages', () => {
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay();
    hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    await Promise.all(Array.from({ length: 130 }, () => mailbox.post()));
  }, 60_000);
  afterAll(() => relay.stop());

  it('holds 128 records each; a complete one may be cached and asked for by its tag, an incomplete one not', async () => {
    const first = await hub.wire.raw('GET', '/v1/log/0/0', { pass: hub.pass });
    expect(first.headers.get('cache-control')).toBe('private, max-age=86400, immutable');
    const again = await hub.wire.raw('GET', '/v1/log/0/0', { pass: hub.pass, headers: { 'if-none-match': first.headers.get('etag') as string } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const last = await hub.wire.raw('GET', '/v1/log/0/1', { pass: hub.pass });
    expect(last.headers.get('cache-control')).toBe('no-store');
    const pages = await Promise.all([hub.wire.page(0, 0, hub.pass), hub.wire.page(0, 1, hub.pass)]);
    expect(pages.map(({ complete, records, head }) => [complete, records.length, head])).toEqual([[true, 128, 130n], [false, 2, 130n]]);
  });

  it('needs a pass, and names what does not exist', async () => {
    expect(await codeOf(hub.wire.page(0, 0, randomPass()))).toBe('no-pass');
    expect((await hub.wire.raw('GET', '/v1/log/0/0')).refusal?.code).toBe('no-pass');
    expect(await codeOf(hub.wire.page(0, 2, hub.pass))).toBe('unknown-page');
    expect(await codeOf(hub.wire.page(1, 0, hub.pass))).toBe('unknown-shard');
    for (const path of ['0/-1', '0/x', '0/01', `0/${'9'.repeat(30)}`]) {
      expect((await hub.wire.raw('GET', `/v1/log/${path}`, { pass: hub.pass })).refusal?.code).toBe('unknown-page');
    }
    expect((await hub.wire.raw('GET', '/v1/log/x/0', { pass: hub.pass })).refusal?.code).toBe('unknown-shard');
    expect((await hub.wire.raw('GET', `/v1/log/${'1'.repeat(500)}/0`, { pass: hub.pass })).refusal).toBeDefined();
  });

  it('lists what it no longer keeps, and never uses a number again', async () => {
    await relay.database.query('DELETE FROM records WHERE seq BETWEEN 3 AND 5 OR seq = 128');
    const page = await hub.wire.page(0, 0, hub.pass);
    expect(page.expired.map(({ first, last }) => [first, last])).toEqual([[3n, 5n], [128n, 128n]]);
    expect(page.records).toHaveLength(124);
    await relay.database.query('DELETE FROM records');
    expect((await (await hub.openMailbox()).post()).seq).toBe(131);
  });

  it('is empty and incomplete on page 0 of an empty log', async () => {
    const fresh = await startTestRelay();
    const young = await WireHub.found(fresh);
    expect(await young.wire.page(0, 0, young.pass)).toMatchObject({ complete: false, head: 0n, records: [], expired: [] });
    await fresh.stop();
  });
});

describe('shards', () => {
  it('numbers each shard by itself and puts a mailbox where the top bits of its id say', async () => {
    const relay = await startTestRelay({ shards: 4 });
    const hub = await WireHub.found(relay);
    expect((await hub.wire.hello()).shards).toBe(4);
    const mailboxes = await Promise.all(Array.from({ length: 16 }, () => hub.openMailbox()));
    const tail = hub.wire.tail(hub.pass, [0, 1, 2, 3]);
    await tail.opened();
    const places = await Promise.all(mailboxes.map((mailbox) => mailbox.post(random(1024))));
    places.forEach(({ shard }, index) => expect(shard).toBe(shardOf((mailboxes[index] as (typeof mailboxes)[0]).id, 4)));
    await tail.until(() => tail.records.length === 16);
    for (const shard of [0, 1, 2, 3]) {
      const seqs = places.filter((place) => place.shard === shard).map(({ seq }) => seq).sort((a, b) => a - b);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    tail.close();
    await relay.stop();
  });
});

describe('runs', () => {
  it('cuts by size and keeps a large record whole', () => {
    const sizes = [5, 5, 5, 40, 1].map((size, index) => ({ seq: (index + 1) as never, size }));
    expect(runsOf(sizes, 10)).toMatchObject([{ first: 1, last: 2, bytes: 10 }, { first: 3, last: 3 }, { first: 4, last: 4 }, { first: 5, last: 5 }]);
  });
  it('finds the gaps at the start, in the middle and at the end', () => {
    expect(gapsIn([{ seq: 3 }, { seq: 4 }, { seq: 7 }], 1, 9)).toEqual([{ first: 1, last: 2 }, { first: 5, last: 6 }, { first: 8, last: 9 }]);
    expect(gapsIn([], 1, 0)).toEqual([]);
  });
});
