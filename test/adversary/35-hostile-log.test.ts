/**
 * Mallory as the relay says whatever she likes, by the ten thousand: replies and frames that are bent, and well-formed ones
 * that lie. The device fails in a typed way or not at all, takes nothing for true that is not, and works when she is gone. What
 * she plays of an older copy of the hub may set its rooms waiting, until the true log is there again.
 */
import { type DescMessage, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { REFUSALS, RelayRefusal } from '#shared/errors.ts';
import type { BlobId, MailboxId, PoolId, RendezvousId, Secret32, ShardIndex, Signature, Slot, Week } from '#shared/ids.ts';
import { createRelay } from '#core/relay/http.ts';
import { type Relay, RelayUnreachable } from '#core/relay/port.ts';
import { SessionFailure, type RoomId } from '#core/session/api.ts';
import { type Chance, chanceFrom, freshSeed } from '../harness/chance.ts';
import { type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import { type TestPerson, until } from '../harness/people.ts';
import { random } from '../harness/wire.ts';
import { bent, messagesOf } from './mangling.ts';

const BENT_REPLIES = 4_000;
const BENT_FRAMES = 2_000;
const HOSTILE_LOOKS = 150;
const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
const chance = chanceFrom(seed);
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const pass = { id: random(16), secret: random(32) } as never;

const unheard: unknown[] = [];
const note = (reason: unknown): void => void unheard.push(reason);
beforeAll(() => {
  console.log(`seed ${seed}`);
  process.on('unhandledRejection', note);
});
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unheard, 'no failure goes unheard').toEqual([]);
});

const heapMiB = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const absurd = (): bigint => chance.pick([0n, 1n, 127n, 128n, 129n, 4_096n, 2n ** 31n, 2n ** 32n * 128n, 2n ** 53n - 1n, 2n ** 53n - 128n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]);
const atMost64 = (number: bigint): bigint => (number < 2n ** 64n ? number : 2n ** 64n - 1n);
const some = <T>(most: number, make: (index: number) => T): T[] => Array.from({ length: chance.below(most + 1) }, (_, index) => make(index));

/** Every call with a reply to bend. */
const CALLS: readonly (readonly [schema: DescMessage, call: (relay: Relay) => Promise<unknown>])[] = [
  [wire.HubHelloSchema, (relay) => relay.hello()],
  [wire.LogPageSchema, (relay) => relay.readPage(pass, 0 as ShardIndex, 0)],
  [wire.TokensDrawnSchema, (relay) => relay.drawTokens(pass, { kind: 'postage', week: 1 as Week, blinded: [random(32)] })],
  [wire.RecordPostedSchema, (relay) => relay.post({ mailbox: random(16) as MailboxId, kind: 'post', slot: 0 as Slot, body: random(1024), signature: random(64) as Signature, postage: random(100) })],
  [wire.PackageTakenSchema, (relay) => relay.takePackage({ pool: random(16) as PoolId, postage: random(100) })],
  [wire.RendezvousStateSchema, (relay) => relay.readRendezvous({ rendezvous: random(16) as RendezvousId, secret: random(32) as Secret32 })],
  [wire.BlobOpenedSchema, (relay) => relay.openBlob({ blob: random(32) as BlobId, ownerSecret: random(32) as Secret32, size: 1, postage: random(100) })],
  [wire.ChunkWrittenSchema, (relay) => relay.writeChunk({ blob: random(32) as BlobId, ownerSecret: random(32) as Secret32, index: 0, chunk: random(9), postage: random(100) })],
  [wire.BlobChunkSchema, (relay) => relay.readChunk(random(32) as BlobId, 0)],
];

const hellos = Array.from({ length: 60 }, () => toBinary(wire.HubHelloSchema, lyingHello(create(wire.HubHelloSchema, { version: 1, hub: random(16), pageSize: 128, issuerKey: random(32) }), 7n)));
const record = (seq: number): wire.Record => create(wire.RecordSchema, { seq: BigInt(seq), mailbox: random(16), kind: (1 + chance.below(4)) as wire.Kind, slot: BigInt(chance.below(9)), body: random(1024) });
const pages = Array.from({ length: 60 }, () => toBinary(wire.LogPageSchema, lyingPage(create(wire.LogPageSchema, { head: 3n, records: [record(1), record(2), record(3)] }))));
const refusals = Object.keys(REFUSALS).map((code) => toBinary(wire.RefusalSchema, create(wire.RefusalSchema, { code, currentSlot: absurd(), seq: absurd(), currentWeek: 7 })));

it('attack 35: bent replies of every kind are understood, refused or no reply at all', async () => {
  const samples = CALLS.map(([schema], index) => (schema === wire.HubHelloSchema ? hellos : schema === wire.LogPageSchema ? pages : messagesOf(schema, 60, seed + index)));
  let said: { status: number; body: Uint8Array } = { status: 200, body: new Uint8Array(0) };
  const relay = createRelay('http://mallory.example', { fetch: async () => new Response(Buffer.from(said.body), { status: said.status, headers: PROTOBUF }) });
  const outcomes = new Map<string, number>();
  const count = (what: string): void => void outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
  for (let tries = 0; tries < BENT_REPLIES; tries += 1) {
    const which = chance.below(CALLS.length);
    const from = chance.below(6) === 0 ? refusals : (samples[which] as Uint8Array[]);
    const body = bent(chance.pick(from), chance.pick(from), chance);
    said = { status: chance.pick([200, 200, 200, 200, 400, 409, 500]), body };
    try {
      await CALLS[which]?.[1](relay);
      count('understood');
    } catch (thrown) {
      if (!(thrown instanceof RelayUnreachable) && !(thrown instanceof RelayRefusal)) throw new Error(`seed ${seed} ${CALLS[which]?.[0].name} ${Buffer.from(body).toString('hex').slice(0, 400)}`, { cause: thrown });
      count(thrown.name);
    }
  }
  console.log(Object.fromEntries(outcomes));
  expect(outcomes.get('understood'), 'some are good enough').toBeGreaterThan(0);
});

/** A socket that is none: mallory speaks on it by calling `say`. */
class Mouth {
  static latest: Mouth | undefined;
  readyState = 1;
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor() {
    Mouth.latest = this;
  }
  send(): void {}
  close(): void {
    this.readyState = 3;
    if (Mouth.latest === this) Mouth.latest = undefined;
  }
  say(bytes: Uint8Array): void {
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }
}
const pace = { firstPauseMs: 60_000, longestPauseMs: 60_000, refusedPauseMs: 60_000 };

const event = (value: NonNullable<wire.TailEvent['event']>): Uint8Array => toBinary(wire.TailEventSchema, create(wire.TailEventSchema, { event: value as never }));
const opened = (head: number): Uint8Array => event({ case: 'opened', value: create(wire.TailOpenedSchema, { heads: [{ shard: 0, head: BigInt(head) }] }) });
const batchOf = (records: readonly wire.Record[]): Uint8Array => event({ case: 'batch', value: create(wire.TailBatchSchema, { shard: 0, records: [...records] }) });

it('attack 35: bent frames on the tail end that link at most', async () => {
  const frames = [...Array.from({ length: 60 }, (_, index) => batchOf([record(index + 1), record(index + 2)])), opened(7),
    ...refusals.slice(0, 20).map((bytes) => event({ case: 'refusal', value: fromBinary(wire.RefusalSchema, bytes) }))];
  const relay = createRelay('http://mallory.example', { WebSocket: Mouth as never, pace });
  const ends = new Map<string, number>();
  for (let tries = 0; tries < BENT_FRAMES; tries += 1) {
    let end = 'goes on';
    const tail = relay.tail(pass, [0 as ShardIndex], { opened: () => undefined, records: () => undefined, closed: (why) => void (end = why.name) });
    const mouth = Mouth.latest as Mouth;
    if (chance.below(4) > 0) mouth.say(opened(chance.below(9)));
    for (let count = 0; count < 3; count += 1) mouth.say(chance.below(2) === 0 ? chance.pick(frames) : bent(chance.pick(frames), chance.pick(frames), chance));
    tail.close();
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  console.log(Object.fromEntries(ends));
  expect([...ends.keys()].sort()).toEqual(['RelayRefusal', 'RelayUnreachable', 'goes on']);
});

/** Well-formed hellos: of no shards and of thousands, of heads and bases that cannot be. */
function lyingHello(honest: wire.HubHello, head: bigint): wire.HubHello {
  const many = chance.pick([1, 1, 2, 3, 40, 5_000]);
  let first = 0;
  let base = 0n;
  const orderly = chance.below(2) === 0;
  const generations = Array.from({ length: many }, (_, index) => {
    const count = orderly ? (index === 0 ? 1 : chance.pick(many > 50 ? [1] : [1, 2, 4, 256])) : chance.below(300);
    const heads = orderly ? (index < many - 1 ? Array.from({ length: count }, () => base + head + BigInt(chance.below(100))) : []) : some(5, absurd);
    const generation = create(wire.GenerationSchema, { first: orderly ? first : chance.below(999), count, heads, base: orderly ? base : absurd() });
    first += count;
    base += chance.pick([256n, 512n, 2n ** 40n]);
    return generation;
  });
  return create(wire.HubHelloSchema, { ...honest, generations, shards: chance.below(3) > 0 ? (generations.at(-1)?.count ?? 1) : chance.below(300), issuerKey: chance.below(3) === 0 ? random(32) : honest.issuerKey });
}

/** Records that follow on what is known, in known mailboxes too, and that nobody who has the keys has made. */
function lyingRecords(honest: wire.LogPage): wire.Record[] {
  let seq = honest.head;
  return some(4, () => {
    const model = chance.pick(honest.records);
    seq += 1n;
    const body = chance.pick<() => Uint8Array>([() => random(1024), () => random(model.body.length), () => bent(model.body, model.body, chance), () => Uint8Array.from(chance.pick(honest.records).body)])();
    return create(wire.RecordSchema, { seq, mailbox: chance.below(5) > 0 ? model.mailbox : random(16), kind: chance.below(5) as wire.Kind, slot: chance.pick([model.slot, model.slot + 1n, absurd()]), body: body.length === 0 ? random(1) : body });
  });
}

function lyingPage(honest: wire.LogPage): wire.LogPage {
  const records = lyingRecords(honest);
  const expired = chance.below(4) === 0 ? some(3, () => create(wire.SeqRangeSchema, { first: absurd(), last: absurd() })) : honest.expired;
  return create(wire.LogPageSchema, { ...honest, records: [...(chance.below(8) === 0 ? [] : honest.records), ...records], head: chance.below(3) === 0 ? atMost64(honest.head + absurd()) : honest.head + BigInt(records.length), expired, complete: chance.below(12) === 0 });
}

let hub: Hub | undefined;
afterAll(() => hub?.end());

it('attack 35: a session at a hostile relay believes nothing, fails in typed ways, does not grow, and works with the honest one again', async () => {
  let honest = true;
  const replies = new Map<string, Uint8Array>();
  const through: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    if (honest) {
      const reply = await fetch(input, init);
      const body = new Uint8Array(await reply.clone().arrayBuffer());
      if (reply.ok) replies.set(path, body);
      return reply;
    }
    const known = replies.get(path) ?? chance.pick([...replies.values()]);
    return new Response(Buffer.from(said(path, known)), { status: chance.below(20) === 0 ? chance.pick([400, 409, 429, 503]) : 200, headers: PROTOBUF });
  };
  const said = (path: string, known: Uint8Array): Uint8Array => {
    const page = fromBinary(wire.LogPageSchema, replies.get('/v1/log/0/0') as Uint8Array);
    if (chance.below(3) === 0) return bent(known, chance.pick([...replies.values()]), chance);
    if (path === '/v1/hub') return chance.below(3) === 0 ? known : toBinary(wire.HubHelloSchema, lyingHello(fromBinary(wire.HubHelloSchema, known), page.head));
    return path === '/v1/log/0/0' ? toBinary(wire.LogPageSchema, lyingPage(page)) : known;
  };
  hub = await hubOf(['alice', 'bob'], { bob: { relayAt: (origin) => createRelay(origin, { fetch: through }) } });
  const [alice, bob] = hub.people as readonly [TestPerson, TestPerson];
  const room = await roomOf(hub.people);
  await worksOn(hub.people, room);
  await bob.session.catchUp();
  const before = await believed(bob, room);
  honest = false;
  const codes = new Map<string, number>();
  const looks = async (count: number): Promise<void> => {
    for (let look = 0; look < count; look += 1) {
      const code = await bob.session.catchUp().then(() => 'read', (thrown: unknown) => (thrown instanceof SessionFailure ? thrown.code : `raw: ${String(thrown)}`));
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code === 'internal' || code.startsWith('raw')) throw new Error(`seed ${seed}, look ${look}: ${code}`);
    }
  };
  await looks(HOSTILE_LOOKS / 3);
  const warm = heapMiB();
  await looks((2 * HOSTILE_LOOKS) / 3);
  console.log(Object.fromEntries(codes), { grownMiB: heapMiB() - warm });
  expect(await believed(bob, room), 'what bob believes').toEqual(before);
  expect(heapMiB() - warm, 'MiB').toBeLessThan(24);

  honest = true;
  await bob.restart();
  await until(async () => bob.session.catchUp().then(() => true, () => false), 'bob to read the true log');
  expect(await believed(bob, room), 'what bob believes afterwards').toEqual(before);
  await worksOn([alice, bob], room);
}, 120_000);

/** What stands on bob's screens, without the marks of records that were hidden. */
async function believed(bob: TestPerson, room: RoomId): Promise<unknown> {
  const items = (await bob.session.timeline(room, { limit: 100_000 })).items;
  return {
    items: items.flatMap((item): unknown[] => (item.kind === 'message' ? [[item.sender.id, item.text, item.state]] : item.event.what === 'hidden-record' ? [] : [item.event])),
    members: await bob.session.members(room),
    people: await bob.session.people(),
    rooms: (await bob.session.rooms()).map(({ id, name, people, admin, active }) => ({ id, name, people, admin, active })),
    me: (await bob.session.overview()).me,
  };
}
