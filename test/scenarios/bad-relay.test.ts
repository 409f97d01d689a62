/**
 * A relay, or whoever stands before it, that answers badly: pages and frames that are malformed, cut short, out of order,
 * with gaps or far too large; replies lost, refused and made up. The device says so in a typed failure, keeps what it has,
 * and goes on when the trouble ends: nothing lost, nothing twice.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { createRelay } from '#core/relay/http.ts';
import type { RoomId } from '#core/session/api.ts';
import { Kind, type LogPage, LogPageSchema, RecordPostedSchema, RecordSchema, RefusalSchema, type TailEvent, TailEventSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Meddler, type Reply } from '../harness/meddler.ts';
import { foundHub, PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf', 'cache-control': 'no-store' };
const quick = { firstPauseMs: 30, longestPauseMs: 100, refusedPauseMs: 100 };

const page = (reply: Reply, change: (page: LogPage) => LogPage): Reply => ({ ...reply, body: toBinary(LogPageSchema, change(fromBinary(LogPageSchema, reply.body))) });
const refusal = (status: number, code: string): Reply => ({ status, headers: PROTOBUF, body: toBinary(RefusalSchema, create(RefusalSchema, { code })) });
const swap = <T>(list: T[]): T[] => (list.length < 2 ? list : [...list.slice(0, -2), list.at(-1) as T, list.at(-2) as T]);

const BAD_PAGES: Readonly<Record<string, (reply: Reply) => Reply | 'cut'>> = {
  'no page but a gateway’s HTML': (reply) => ({ ...reply, headers: { 'content-type': 'text/html' }, body: Buffer.from('<h1>502</h1>') }),
  'noise': (reply) => ({ ...reply, body: new Uint8Array(300).fill(0xa5) }),
  'a page cut in the middle': (reply) => ({ ...reply, body: reply.body.subarray(0, reply.body.length >> 1) }),
  'nothing, and the line drops': () => 'cut',
  'another page': (reply) => page(reply, (from) => ({ ...from, page: from.page + 1n })),
  'records out of order': (reply) => page(reply, (from) => ({ ...from, records: swap(from.records) })),
  'a record twice': (reply) => page(reply, (from) => ({ ...from, records: from.records.flatMap((record, i) => (i === 0 ? [record, record] : [record])) })),
  'a gap': (reply) => page(reply, (from) => ({ ...from, records: from.records.slice(0, -2).concat(from.records.slice(-1)) })),
  'an empty page that claims to be full': (reply) => page(reply, (from) => ({ ...from, records: [], complete: true })),
  'a mailbox of the wrong size': (reply) => page(reply, (from) => ({ ...from, records: from.records.map((record) => ({ ...record, mailbox: new Uint8Array(3) })) })),
  'a kind nobody knows': (reply) => page(reply, (from) => ({ ...from, records: from.records.map((record) => ({ ...record, kind: 99 as Kind })) })),
  'sequence numbers beyond counting': (reply) => page(reply, (from) => ({ ...from, head: 2n ** 63n })),
  'a body without content': (reply) => page(reply, (from) => ({ ...from, records: from.records.map((record) => ({ ...record, body: new Uint8Array(0) })) })),
  'more bytes than a page can have': (reply) => ({ ...reply, headers: { ...PROTOBUF, 'content-length': String(2 ** 40) } }),
  'a refusal nobody knows': () => refusal(400, 'because'),
};

const batch = (frame: Uint8Array, change: (records: Extract<TailEvent['event'], { case: 'batch' }>['value']) => object): Uint8Array => {
  const parsed = fromBinary(TailEventSchema, frame);
  if (parsed.event.case !== 'batch') return frame;
  return toBinary(TailEventSchema, create(TailEventSchema, { event: { case: 'batch', value: { ...parsed.event.value, ...change(parsed.event.value) } } }));
};
const isBatch = (frame: Uint8Array): boolean => fromBinary(TailEventSchema, frame).event.case === 'batch';

const BAD_FRAMES: Readonly<Record<string, (frame: Uint8Array) => readonly (Uint8Array | string)[]>> = {
  'noise': () => [new Uint8Array(200).fill(0xa5)],
  'text': () => ['hello'],
  'a batch cut short': (frame) => [frame.subarray(0, frame.length - 7)],
  'nothing at all': () => [],
  'every batch twice': (frame) => [frame, frame],
  'a batch of another shard': (frame) => [batch(frame, () => ({ shard: 7 }))],
  'records far ahead': (frame) => [batch(frame, ({ records }) => ({ records: records.map((record) => ({ ...record, seq: record.seq + 40n })) }))],
  'records of long ago': (frame) => [batch(frame, ({ records }) => ({ records: records.map((record) => ({ ...record, seq: 1n })) })), frame],
  'a record that cannot be': (frame) => [batch(frame, ({ records }) => ({ records: records.map((record) => create(RecordSchema, { seq: record.seq })) }))],
};

describe('a relay that answers badly', () => {
  let meddler: Meddler;
  let stop = async (): Promise<void> => undefined;
  let alice: TestPerson;
  let bob: TestPerson;
  let room: RoomId;
  const said: string[] = [];
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    const relay = await startTestRelay();
    meddler = await Meddler.start(relay.origin);
    stop = relay.stop;
    alice = await foundHub(relay.foundingLink as string);
    bob = await welcome(alice, 'bob', { relayAt: () => createRelay(meddler.origin, { pace: quick }) });
    room = await alice.session.createRoom('Rough water');
    await alice.add(room, 'bob');
    await bob.session.catchUp();
  });
  afterEach(() => meddler.relent());
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await bob.session.close();
    await alice.session.close();
    await meddler.stop();
    await stop();
    expect(unhandled, 'no failure goes unheard').toEqual([]);
  });

  const tell = async (count = 1): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      said.push(`line ${said.length + 1}`);
      await alice.say(room, said.at(-1) as string);
    }
  };
  const shown = async (): Promise<string[]> =>
    (await bob.session.timeline(room, { limit: 10_000 })).items.flatMap((item) => (item.kind === 'message' ? [item.text] : []));

  describe.each(Object.keys(BAD_PAGES))('gives %s', (name) => {
    it('is told from one that is there, and loses nothing', async () => {
      const before = [...said];
      await tell(3);
      const bad = BAD_PAGES[name] as (reply: Reply) => Reply | 'cut';
      meddler.meddle = async (path, ask) => (path.startsWith('/v1/log/') ? bad(await ask()) : ask());
      await expect(bob.session.catchUp()).rejects.toMatchObject({ name: 'SessionFailure', code: 'offline' });
      expect(await shown(), 'all or nothing of a page').toEqual(before);
      meddler.relent();
      expect(await bob.texts(room)).toEqual(said);
    });
  });

  it.each([['too-many', 'relay-busy'], ['storage-unavailable', 'relay-busy'], ['no-pass', 'relay-refused']])('a page refused with %s is %s', async (code, expected) => {
    meddler.meddle = async (path, ask) => (path.startsWith('/v1/log/') ? refusal(429, code) : ask());
    await expect(bob.session.catchUp()).rejects.toMatchObject({ code: expected });
    meddler.relent();
    expect(await bob.texts(room)).toEqual(said);
  });

  describe('on the tail', () => {
    beforeAll(async () => {
      // From here on bob follows live; the pauses of his tail are short.
      await bob.session.close();
      bob = await bobLive(bob, meddler);
    });

    it.each(Object.keys(BAD_FRAMES))('%s: every line arrives once and in order all the same', async (name) => {
      const bad = BAD_FRAMES[name] as (frame: Uint8Array) => readonly (Uint8Array | string)[];
      meddler.frames = (frame) => (isBatch(frame) ? bad(frame) : [frame]);
      await tell(2);
      meddler.relent();
      await tell(1);
      await until(async () => (await shown()).length === said.length, `bob to read on after ${name}`, 30_000);
      expect(await shown()).toEqual(said);
    });
  });

  describe('on posting', () => {
    const written = async (text: string): Promise<void> => {
      said.push(text);
      await bob.say(room, text);
      expect(await alice.texts(room)).toEqual(said);
      await bob.session.catchUp();
      expect(await shown()).toEqual(said);
    };
    /** Meddles with the first posts, then lets them pass. */
    const first = (count: number, how: (ask: () => Promise<Reply>) => Promise<Reply | 'cut'>): void => {
      let left = count;
      meddler.meddle = async (path, ask) => (path === '/v1/records' && left-- > 0 ? how(ask) : ask());
    };

    it('a lost reply does not double the message', async () => {
      first(2, async (ask) => (await ask(), 'cut'));
      await written('taken, but nobody said so');
    });
    it('an error after the message was taken does not double it', async () => {
      first(2, async (ask) => (await ask(), refusal(500, 'internal')));
      await written('taken, and an error');
    });
    it('a passing refusal only delays it', async () => {
      first(2, async () => refusal(507, 'storage-full'));
      await written('no room for a moment');
    });
    it('a reply that is none only delays it', async () => {
      first(2, async () => ({ status: 200, headers: PROTOBUF, body: new Uint8Array([0xff]) }));
      await written('a reply that is none');
    });
    it('an acknowledgement that was a lie is found out, and the message sent after all', async () => {
      const head = Math.max(...(await alice.timeline(room)).flatMap(({ seq }) => (seq === undefined ? [] : [seq])));
      first(1, async () => ({ status: 200, headers: PROTOBUF, body: toBinary(RecordPostedSchema, create(RecordPostedSchema, { seq: BigInt(head + 1) })) }));
      await bob.session.send(room, 'they said they had it');
      await until(async () => (await bob.session.timeline(room)).items.at(-1)?.seq === head + 1, 'the lie');
      await tell(1);
      said.push('they said they had it');
      await until(async () => (await alice.texts(room)).length === said.length, 'the message to arrive', 30_000);
      expect(await alice.texts(room)).toEqual(said);
      await bob.session.catchUp();
      expect(await shown()).toEqual(said);
    });
    it('a refusal for good is shown as failed, and the next messages leave', async () => {
      first(Number.POSITIVE_INFINITY, async () => refusal(400, 'bad-field'));
      const lost = await bob.session.send(room, 'not wanted');
      await expect(nudging(bob, bob.session.delivered(room, lost))).rejects.toMatchObject({ code: 'relay-refused' });
      meddler.relent();
      said.push('wanted');
      await bob.say(room, 'wanted');
      expect(await alice.texts(room)).toEqual(said);
      // The person may try again.
      await bob.session.retry(room, lost);
      said.push('not wanted');
      await bob.session.delivered(room, lost);
      expect(await alice.texts(room)).toEqual(said);
    });
  });
});

async function bobLive(bob: TestPerson, meddler: Meddler): Promise<TestPerson> {
  const again = await TestPerson.arrive('bob', { home: bob.home, live: true, relayAt: () => createRelay(meddler.origin, { pace: quick }) });
  await again.session.unlock(PASSPHRASE);
  await until(async () => (await again.session.overview()).connection === 'online', 'bob to be online');
  return again;
}

/** Waits, and spares the test the growing pauses between tries. */
async function nudging<T>(person: TestPerson, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => void person.session.nudge(), 50);
  return work.finally(() => clearInterval(timer));
}
