/** A living hub gets other shards, and an older copy of its database, while devices post and read. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogPageSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { fromBinary } from '@bufbuild/protobuf';
import { shardOf } from '#shared/ids.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type LocalRelay, type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { Wire, WireHub, random } from '../../../test/harness/wire.ts';
import { until } from '../../../test/harness/people.ts';

describe('another number of shards', () => {
  let relay: LocalRelay;
  let other: TestRelay;
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay();
    other = await startTestRelay({ database: relay.database });
    hub = await WireHub.found(other);
  }, 60_000);
  afterAll(async () => {
    await other.stop();
    await relay.stop();
  });

  const generations = async () => (await hub.wire.hello()).generations.map(({ first, count, base, heads }) => ({ first, count, base: Number(base), heads: heads.map(Number) }));

  it('closes what there is and goes on in new shards; a mailbox keeps its order, its slot and its duplicates', async () => {
    const mailbox = await hub.openMailbox();
    const body = random(1024);
    const places = [await mailbox.post(body), await mailbox.post()];
    await mailbox.commit();
    await relay.changeShards(4);
    const moved = await mailbox.post();
    expect(moved).toEqual({ shard: 1 + shardOf(mailbox.id, 4), seq: 129 });
    expect((await mailbox.post()).seq).toBe(130);
    await expect(mailbox.post(body)).rejects.toMatchObject({ code: 'duplicate-record', existing: places[0] });
    expect(await codeOf(mailbox.post(random(1024), { slot: 0 }))).toBe('wrong-slot');
    expect(await generations()).toEqual([{ first: 0, count: 1, base: 0, heads: [3] }, { first: 1, count: 4, base: 128, heads: [] }]);
    await relay.changeShards(4);
    expect(await generations()).toHaveLength(2);
  });

  it('tells what is below the first number of a new shard as expired, on pages that are complete', async () => {
    const [shard] = [1, 2, 3, 4];
    const page = await hub.wire.page(shard as number, 0, hub.pass);
    expect([page.complete, page.records, page.expired.map(({ first, last }) => [Number(first), Number(last)])]).toEqual([true, [], [[1, 128]]]);
  });

  it('closes every tail, of both processes, and lets each reconnect to the new shards at once', async () => {
    const tails = [hub.wire.tail(hub.pass, [1, 2, 3, 4]), new Wire(relay.origin).tail(hub.pass, [1, 2, 3, 4])];
    await Promise.all(tails.map((tail) => tail.opened()));
    await relay.changeShards(2);
    for (const tail of tails) await until(() => tail.closed !== undefined, 'a tail to be closed');
    expect(tails.map(({ closed }) => closed?.code)).toEqual([1012, 1012]);
    const again = hub.wire.tail(hub.pass, [5, 6]);
    expect((await again.opened()).size).toBe(2);
    again.close();
  });

  it('loses, doubles and refuses nothing while both processes post and the number changes under them', async () => {
    const twin = new WireHub(new Wire(relay.origin), hub.hub, hub.pass);
    const before = (await generations()).at(-1)?.base ?? 0;
    const mailboxes = await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? hub : twin).openMailbox()));
    let running = true;
    const written = mailboxes.map(async (mailbox) => {
      const seqs: number[] = [];
      while (running) seqs.push((seqs.length % 7 === 6 ? await mailbox.commit() : await mailbox.post()).seq);
      return seqs;
    });
    for (const count of [8, 1, 4]) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await relay.changeShards(count);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    running = false;
    const seqs = await Promise.all(written);
    for (const own of seqs) expect(own, 'a later record of a mailbox has the higher number').toEqual([...own].sort((a, b) => a - b));
    const log = await relay.database.query<{ shard: number; seq: string; mailbox: Buffer }>('SELECT shard, seq, mailbox FROM records ORDER BY shard, seq');
    for (const { first, count, base, heads } of await generations()) {
      for (let shard = first; shard < first + count; shard += 1) {
        const numbers = log.filter((row) => row.shard === shard).map(({ seq }) => Number(seq));
        expect(numbers, 'no gap').toEqual(numbers.map((_, index) => base + index + 1));
        if (heads.length > 0) expect(heads[shard - first]).toBe(base + numbers.length);
      }
    }
    mailboxes.forEach((mailbox, index) => {
      const stored = log.filter((row) => row.mailbox.equals(mailbox.id)).map(({ seq }) => Number(seq)).sort((a, b) => a - b);
      expect(stored.filter((seq) => seq > before)).toEqual(seqs[index]);
    });
    expect(seqs.flat().length).toBeGreaterThan(24);
  }, 60_000);
});

describe('an older copy of the database', () => {
  it('is known by the file outside it: other shards, far above, and one line for the operator', async () => {
    const relay = await startTestRelay();
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    for (let n = 0; n < 3; n += 1) await mailbox.post();
    const copy = await relay.database.backup();
    await mailbox.post();
    await relay.stop();
    await relay.database.restore(copy);
    await relay.restart();
    expect(relay.lines.filter((line) => line.includes('older copy'))).toHaveLength(1);
    expect((await hub.wire.hello()).generations.map(({ first, base, heads }) => [first, Number(base), heads.map(Number)])).toEqual([[0, 0, [3]], [1, 2 ** 32 + 128, []]]);
    expect(await mailbox.post()).toEqual({ shard: 1, seq: 2 ** 32 + 129 });
    await relay.restart();
    expect((await hub.wire.hello()).generations).toHaveLength(2);
    await relay.stop();
  }, 60_000);

  it('is known while the relay runs, and when the file is gone; a start after a kill is none', async () => {
    const relay = await startTestRelay();
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    await mailbox.post();
    const copy = await relay.database.backup();
    await until(() => mailbox.post().then(() => true, () => false), 'the relay to reach its database again');
    const tail = hub.wire.tail(hub.pass, [0]);
    await tail.opened();
    await relay.database.restore(copy);
    await until(() => tail.closed !== undefined, 'the tail to be closed');
    await until(async () => (await hub.wire.hello().catch(() => undefined))?.generations.length === 2, 'a new generation');
    await relay.stop();
    rmSync(join(relay.database.keys, 'heads'));
    await relay.restart();
    expect((await hub.wire.hello()).generations.map(({ first }) => first)).toEqual([0, 1, 514]);
    // What a kill leaves behind: a file that does not know the latest numbers yet.
    const file = join(relay.database.keys, 'heads');
    const early = readFileSync(file);
    await mailbox.post();
    await relay.stop();
    expect(readFileSync(file)).not.toEqual(early);
    writeFileSync(file, early);
    await relay.restart();
    expect((await hub.wire.hello()).generations).toHaveLength(3);
    await relay.stop();
  }, 60_000);
});

describe('pages in caches', () => {
  it('are never compressed, answer HEAD and conditions, and get another validator when something expires', async () => {
    const relay = await startTestRelay();
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    await Promise.all(Array.from({ length: 129 }, () => mailbox.post(new Uint8Array(1024))).map((post) => post.catch(() => undefined)));
    await Promise.all(Array.from({ length: 130 }, () => mailbox.post()));
    const ask = (headers: Record<string, string> = {}, method = 'GET') => hub.wire.raw(method, '/v1/log/0/0', { pass: hub.pass, headers });
    const page = await ask({ 'accept-encoding': 'gzip, br, zstd, deflate' });
    expect([page.status, page.headers.get('content-encoding'), page.headers.get('cache-control')]).toEqual([200, null, 'private, max-age=86400, immutable']);
    expect(fromBinary(LogPageSchema, page.body).records).toHaveLength(128);
    const etag = page.headers.get('etag') as string;
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/);
    const head = await ask({}, 'HEAD');
    expect([head.status, head.body.length, head.headers.get('etag')]).toEqual([200, 0, etag]);
    expect([(await ask({ 'if-none-match': etag })).status, (await ask({ 'if-none-match': `"other", ${etag}` })).status, (await ask({ 'if-none-match': '"other"' })).status]).toEqual([304, 304, 200]);
    await relay.database.query('DELETE FROM records WHERE seq = 5');
    const later = await ask({ 'if-none-match': etag });
    expect([later.status, later.headers.get('etag') === etag]).toEqual([200, false]);
    await relay.stop();
  }, 60_000);
});
