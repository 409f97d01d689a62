import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, WireTail, random, randomPass } from '../../../test/harness/wire.ts';

let relay: TestRelay & { readonly database: { readonly url: string; readonly name: string } };
let hub: WireHub;

beforeAll(async () => {
  relay = (await startTestRelay()) as typeof relay;
  hub = await WireHub.found(relay);
}, 60_000);
afterAll(() => relay.stop());

const seqsOf = (tail: WireTail): number[] => tail.records.map(({ seq }) => Number(seq));
const run = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

describe('the tail', () => {
  it('delivers everything above the heads it told, in order and without gaps, while others post', async () => {
    const mailboxes = await Promise.all(Array.from({ length: 4 }, () => hub.openMailbox()));
    let posted = 0;
    const posters = Promise.all(mailboxes.map(async (mailbox) => {
      for (let count = 0; count < 40; count += 1) {
        const { seq } = await mailbox.post();
        posted = Math.max(posted, seq);
      }
    }));
    const tails: WireTail[] = [];
    for (let count = 0; count < 12; count += 1) {
      const tail = hub.wire.tail(hub.pass);
      await tail.opened();
      tails.push(tail);
    }
    await posters;
    for (const tail of tails) {
      const head = (await tail.opened()).get(0) as number;
      await tail.until(() => head + seqsOf(tail).length >= posted);
      expect(seqsOf(tail)).toEqual(run(head + 1, posted - head));
      const paged = (await hub.wire.readAll(0, hub.pass)).filter(({ seq }) => seq > head);
      expect(tail.records.map(({ body }) => Buffer.from(body).toString('base64'))).toEqual(paged.map(({ body }) => Buffer.from(body).toString('base64')));
      tail.close();
    }
  });

  it('delivers what another relay process on the same database wrote, in the same order', async () => {
    const other = await startTestRelay({ database: relay.database as never });
    try {
      const here = hub.wire.tail(hub.pass);
      const there = new WireTail(other.origin);
      there.open(hub.pass, [0]);
      const head = (await here.opened()).get(0) as number;
      expect((await there.opened()).get(0)).toBe(head);
      const mailboxes = await Promise.all(Array.from({ length: 4 }, () => hub.openMailbox()));
      const elsewhere = new WireHub(new (hub.wire.constructor as typeof import('../../../test/harness/wire.ts').Wire)(other.origin), hub.hub, hub.pass);
      await Promise.all(mailboxes.map(async (mailbox, index) => {
        if (index % 2 === 1) Object.assign(mailbox, { hub: elsewhere });
        for (let count = 0; count < 25; count += 1) await mailbox.post();
      }));
      for (const tail of [here, there]) {
        await tail.until(() => seqsOf(tail).length >= 100);
        expect(seqsOf(tail)).toEqual(run(head + 1, 100));
        tail.close();
      }
    } finally {
      await other.stop();
    }
  });

  it('refuses an unknown pass, another version, an unknown shard or too many of them, and closes', async () => {
    const attempts: [Parameters<WireTail['open']>, string][] = [
      [[randomPass(), [0]], 'no-pass'],
      [[{ id: hub.pass.id, secret: randomPass().secret }, [0]], 'no-pass'],
      [[hub.pass, [0], 2], 'unsupported-version'],
      [[hub.pass, [1]], 'unknown-shard'],
      [[hub.pass, []], 'bad-field'],
      [[hub.pass, run(0, 257)], 'bad-field'],
      [[{ id: random(15) as never, secret: hub.pass.secret }, [0]], 'bad-field'],
    ];
    for (const [open, code] of attempts) {
      const tail = new WireTail(relay.origin);
      tail.open(...open);
      await tail.until(() => tail.closed !== undefined);
      expect(tail.events.map((event) => (event.case === 'refusal' ? event.value.code : event.case))).toEqual([code]);
      expect(tail.closed?.code).toBe(4001);
    }
  });

  it('answers unreadable, oversized and misplaced frames with a refusal, and stays open', async () => {
    const tail = new WireTail(relay.origin);
    const codes = (): (string | undefined)[] => tail.events.map((event) => (event.case === 'refusal' ? event.value.code : event.case));
    tail.ping();
    tail.send('not even binary');
    tail.send(Uint8Array.of(0xff, 0xff, 0xff));
    tail.send(new Uint8Array(0));
    tail.send(new Uint8Array(5000));
    await tail.until(() => tail.events.length === 5);
    expect(codes()).toEqual(['malformed', 'malformed', 'malformed', 'malformed', 'too-large']);
    tail.open(hub.pass, [0]);
    await tail.opened();
    tail.open(hub.pass, [0]);
    tail.ping();
    await tail.until(() => tail.events.length === 8);
    expect(codes().slice(5)).toEqual(['opened', 'malformed', 'pong']);
    expect(tail.closed).toBeUndefined();
    tail.close();
  });

  it('ends a socket that sends more than it would ever read, and no other', async () => {
    const quiet = hub.wire.tail(hub.pass);
    await quiet.opened();
    const loud = new WireTail(relay.origin);
    loud.send(new Uint8Array(70_000));
    await loud.until(() => loud.closed !== undefined);
    quiet.ping();
    await quiet.until(() => quiet.events.some((event) => event.case === 'pong'));
    quiet.close();
  });

  it('closes a socket that nobody reads, with 4008, and serves the others', async () => {
    const mailbox = await hub.openMailbox();
    const stuck = hub.wire.tail(hub.pass);
    const brisk = hub.wire.tail(hub.pass);
    await Promise.all([stuck.opened(), brisk.opened()]);
    stuck.socket.pause();
    for (let count = 0; count < 6; count += 1) await mailbox.post(random(4 * 1024 * 1024), { kind: Kind.NOTICE });
    await brisk.until(() => brisk.records.length === 6);
    stuck.socket.resume();
    await stuck.until(() => stuck.closed !== undefined);
    expect(stuck.closed?.code).toBe(4008);
    expect(seqsOf(stuck)).toEqual(seqsOf(brisk).slice(0, seqsOf(stuck).length));
    brisk.close();
  });

  it('hangs up on a socket that is not opened within ten seconds', async () => {
    const tail = new WireTail(relay.origin);
    await tail.until(() => tail.closed !== undefined, 15_000);
    expect(tail.closed?.code).toBe(4002);
  });
});
