/**
 * Ten thousand messages of random length, really encrypted, and hundreds of bodies of random size thrown at the relay:
 * what is stored, streamed and paged has one of the allowed sizes, and nothing else is taken.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AnswerRendezvousSchema, ClaimRendezvousSchema, FillPoolSchema, Kind, PoolFilledSchema, PostCommitSchema, PostRecordSchema, RecordPostedSchema,
  RendezvousAnsweredSchema, RendezvousClaimedSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId } from '#shared/ids.ts';
import { ANSWER_BODY_SIZES, CLAIM_BODY_SIZES, DROP_BODY_SIZES, HANDSHAKE_BODY_SIZES, KEY_PACKAGE_SIZES, POST_BODY_SIZES } from '#shared/limits.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { sodiumReady } from '#shared/sodium.ts';
import { createMls } from '#core/mls/mls.ts';
import { twoInARoom } from '../bench/people.ts';
import { chanceFrom, freshSeed } from '../harness/chance.ts';
import { foundHub, welcome } from '../harness/people.ts';
import { codeOf } from '../harness/refusals.ts';
import type { TestDatabase } from '../harness/postgres.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';
import { postKey, random, WireHub } from '../harness/wire.ts';

const POSTS = 10_000;
/** Of them, so many go to the relay here, and all of them in 25-size.long.ts. */
const SENT = Number(process.env['THICKET_TEST_SENT'] ?? 600);
const AT_ONCE = 64;
function allowedFor(kind: number): readonly number[] {
  if (kind === Kind.POST) return POST_BODY_SIZES;
  return kind === Kind.DROP ? DROP_BODY_SIZES : HANDSHAKE_BODY_SIZES;
}

let relay: TestRelay & { readonly database: TestDatabase };
let hub: WireHub;
const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
const chance = chanceFrom(seed);
beforeAll(async () => {
  await sodiumReady();
  relay = await startTestRelay();
  hub = await WireHub.found(relay);
  console.log(`seed ${seed}`);
});
afterAll(() => relay.stop());

/** Mostly short, as people write, and now and then as long as a message can be. */
const randomLength = (): number => Math.floor(64_000 * chance.next() ** 24);

/** Runs the jobs, some at a time. */
async function inParallel(jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) await job();
  }));
}

/** Everything the relay shows of sizes: in its tables, on the pages and on the tail. */
async function sizesShown(records: readonly { readonly kind: number; readonly body: Uint8Array }[]): Promise<void> {
  for (const { kind, body } of records) if (!allowedFor(kind).includes(body.length)) expect([kind, body.length]).toBe('of an allowed size');
  const stored = await relay.database.query<{ kind: number; size: number }>('SELECT DISTINCT kind, size FROM records');
  for (const { kind, size } of stored) expect(allowedFor(kind)).toContain(size);
}

it('attack 25: ten thousand random posts show four sizes and no other, in the tables, on pages and on the tail', async () => {
  const mls = createMls();
  let [room] = await twoInARoom('classical');
  const bodies: Uint8Array[] = [];
  const lengths = new Set<number>();
  for (let count = 0; count < POSTS; count += 1) {
    const content = random(randomLength());
    lengths.add(content.length);
    const { body, next } = await mls.encrypt(room, content);
    room = next;
    bodies.push(body);
  }
  expect(lengths.size, 'lengths that were written').toBeGreaterThan(1_000);
  expect([...new Set(bodies.map(({ length }) => length))].sort((a, b) => a - b)).toEqual([...POST_BODY_SIZES]);
  const mailbox = await hub.openMailbox();
  const tail = hub.wire.tail(hub.pass);
  await tail.opened();
  await inParallel(bodies.slice(-SENT).map((body) => () => mailbox.post(body)));
  await tail.until(({ records }) => records.length >= SENT, 60_000);
  await sizesShown(tail.records);
  await sizesShown(await hub.wire.readAll(0, hub.pass));
  tail.close();
});

it('attack 25: bodies of any other size are refused, of every kind and everywhere', async () => {
  const before = (await relay.database.query<{ count: number }>('SELECT count(*)::int AS count FROM records'))[0]?.count;
  const mailbox = await hub.openMailbox();
  const call = hub.wire.call.bind(hub.wire);
  /** Any size but these: beside one of them, or anywhere. */
  const otherThan = (sizes: readonly number[]): number => {
    const size = chance.next() < 0.5 ? chance.pick(sizes.filter((each) => each <= 65_536)) + chance.pick([-1, 1]) : chance.below(70_000);
    return sizes.includes(size) ? size + 1 : size;
  };
  const attempts: (() => Promise<unknown>)[] = Array.from({ length: 60 }, () => [
    () => mailbox.post(random(otherThan(POST_BODY_SIZES))),
    () => mailbox.post(random(otherThan(HANDSHAKE_BODY_SIZES)), { kind: Kind.NOTICE }),
    async () => call('/v1/commits', PostCommitSchema, await mailbox.commitMessage(random(otherThan(HANDSHAKE_BODY_SIZES)), postKey()), RecordPostedSchema),
    () => call('/v1/records', PostRecordSchema, { mailbox: DROP_MAILBOX as MailboxId, kind: Kind.DROP, body: random(otherThan(DROP_BODY_SIZES)) }, RecordPostedSchema),
    () => call('/v1/pools', FillPoolSchema, { pool: random(16), ownerSecret: random(32), packages: [random(otherThan(KEY_PACKAGE_SIZES))] }, PoolFilledSchema),
    () => call('/v1/rendezvous/claim', ClaimRendezvousSchema, { rendezvous: random(16), claimSecret: random(32), body: random(otherThan(CLAIM_BODY_SIZES)) }, RendezvousClaimedSchema),
    () => call('/v1/rendezvous/answer', AnswerRendezvousSchema, { rendezvous: random(16), ownerSecret: random(32), body: random(otherThan(ANSWER_BODY_SIZES)) }, RendezvousAnsweredSchema),
  ]).flat();
  await inParallel(attempts.map((attempt) => async () => expect(await codeOf(attempt())).toBe('bad-field')));
  expect((await relay.database.query<{ count: number }>('SELECT count(*)::int AS count FROM records'))[0]?.count, 'nothing was stored').toBe(before);
});

it('attack 25: what devices leave at the relay besides the log has fixed sizes too', async () => {
  const other = await startTestRelay();
  try {
    const alice = await foundHub(other.foundingLink as string, 'alice');
    const bob = await welcome(alice, 'Bartholomew of the long name, from the other side of the river');
    await Promise.all([alice.session.catchUp(), bob.session.catchUp()]);
    await alice.session.close();
    await bob.session.close();
    // At rest some lie sealed once more, each with as many bytes on top.
    const sizes = async (table: string, column: string) =>
      (await other.database.query<{ size: number }>(`SELECT DISTINCT octet_length(${column}) AS size FROM ${table} WHERE ${column} IS NOT NULL`)).map(({ size }) => size);
    const held: [string, string, readonly number[]][] = [
      ['key_packages', 'package', KEY_PACKAGE_SIZES], ['pools', 'last_resort', KEY_PACKAGE_SIZES],
      ['rendezvous', 'claim', CLAIM_BODY_SIZES], ['rendezvous', 'answer', ANSWER_BODY_SIZES],
    ];
    for (const [table, column, allowed] of held) {
      const found = await sizes(table, column);
      expect(found.length, `${table}.${column}`).toBeGreaterThan(0);
      for (const size of found) expect(allowed.some((each) => size >= each && size <= each + 64), `${table}.${column} has ${size}`).toBe(true);
    }
  } finally {
    await other.stop();
  }
});
