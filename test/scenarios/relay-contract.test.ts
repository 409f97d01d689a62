/** Every call of the relay port, made by the adapter the devices use, against the real relay. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { LogRecord, Pass, Relay, Tail } from '#core/relay/port.ts';
import { hex, sha256, sodiumReady } from '#shared/sodium.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, PoolId, RendezvousId, Secret32, ShardIndex, Signature, Slot, Week } from '#shared/ids.ts';
import { dayOf, weekOf } from '#shared/ids.ts';
import { blindTokens, finishTokens } from '#shared/voprf/tokens.ts';
import { PAGE_SIZE } from '#shared/limits.ts';
import { recordCost } from '#shared/postage.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { commitMessage, nextKeyMessage, openMailboxMessage, postMessage } from '#shared/signing.ts';
import { foundingTokenIn, startTestRelay, type TestRelay } from '../harness/relay.ts';
import { drawTokens, Purse } from '../harness/purse.ts';
import { type PostKey, postKey, random, randomPass, Wire } from '../harness/wire.ts';

let server: TestRelay;
let relay: Relay;
let purse: Purse;
const pass: Pass = randomPass();
const hub = random(16) as HubId;
const shard = 0 as ShardIndex;
const refusedAs = (code: string) => expect.objectContaining({ name: 'RelayRefusal', code });
const take = async (pool: PoolId) => relay.takePackage({ pool, postage: await purse.take(1) });
const signed = (key: PostKey, message: Uint8Array) => key.sign(message) as Signature;

beforeAll(async () => {
  await sodiumReady();
  server = await startTestRelay();
  relay = createRelay(server.origin);
  purse = Purse.of(new Wire(server.origin), hub, pass);
});
afterAll(() => server.stop());

/** A mailbox in slot 0, and how to post into it. */
async function mailboxWith(key: PostKey) {
  const mailbox = random(16) as MailboxId;
  await relay.openMailbox({ postage: await purse.take(1), mailbox, verifyKey: key.verifyKey, proof: signed(key, openMailboxMessage(hub, mailbox, key.verifyKey)) });
  const facts = (kind: number, slot: Slot, body: Uint8Array) => ({ hub, mailbox, slot, kind, bodyHash: sha256(body) });
  return {
    mailbox,
    post: async (slot: number, body: Uint8Array, by = key) =>
      relay.post({ postage: await purse.take(recordCost(body.length)), mailbox, kind: 'post', slot: slot as Slot, body, signature: signed(by, postMessage(facts(Kind.POST, slot as Slot, body))) }),
    commit: async (slot: number, body: Uint8Array, next: PostKey, by = key) => {
      const about = facts(Kind.COMMIT, slot as Slot, body);
      return relay.commit({
        postage: await purse.take(recordCost(body.length)), mailbox, slot: slot as Slot, body, signature: signed(by, commitMessage(about, next.verifyKey)),
        nextVerifyKey: next.verifyKey, nextProof: signed(next, nextKeyMessage(about, next.verifyKey)),
      });
    },
  };
}

test('a hub is greeted and founded, once, with the link', async () => {
  expect(await relay.hello()).toMatchObject({ version: 1, hub: undefined, shards: 1, pageSize: PAGE_SIZE, allowance: { postage: 1_000_000, ticket: 100_000 }, generations: [{ first: 0, count: 1, base: 0, heads: [] }] });
  await expect(relay.found({ token: random(32) as Secret32, hub, pass })).rejects.toEqual(refusedAs('bad-founding-link'));
  const token = foundingTokenIn(server.foundingLink ?? '') as Secret32;
  await relay.found({ token, hub, pass });
  expect((await relay.hello()).hub).toEqual(hub);
  await expect(relay.found({ token, hub: random(16) as HubId, pass: randomPass() })).rejects.toEqual(refusedAs('already-founded'));
});

test('tokens are drawn with a pass, as many as its allowance', async () => {
  const { issuerKey, allowance } = await relay.hello();
  const { blinded, state } = await blindTokens('postage', hub, weekOf(dayOf(Date.now())), 3);
  const request = { kind: 'postage', week: weekOf(dayOf(Date.now())), blinded } as const;
  const drawn = await relay.drawTokens(pass, request);
  expect(drawn.left).toBe(allowance.postage - 3);
  expect(await finishTokens(state, drawn, issuerKey)).toHaveLength(3);
  expect((await relay.drawTokens(pass, request)).left).toBe(drawn.left);
  await expect(relay.drawTokens(randomPass(), request)).rejects.toEqual(refusedAs('no-pass'));
  await expect(relay.drawTokens(pass, { ...request, week: (request.week + 5) as Week })).rejects.toMatchObject({ code: 'wrong-week', currentWeek: request.week });
});

test('a ticket registers one pass', async () => {
  const newcomer = randomPass();
  await expect(relay.registerPass(random(100), newcomer)).rejects.toEqual(refusedAs('bad-ticket'));
  const [ticket = random(0)] = await drawTokens(new Wire(server.origin), hub, pass, 1, { kind: 'ticket' });
  await relay.registerPass(ticket, newcomer);
  await relay.registerPass(ticket, newcomer);
  await expect(relay.registerPass(ticket, randomPass())).rejects.toEqual(refusedAs('bad-ticket'));
  await relay.readPage(newcomer, shard, 0);
});

test('posts, drops, commits and notices land in the log, and pages give them back', async () => {
  const [first, second] = [postKey(), postKey()];
  const room = await mailboxWith(first);
  const body = random(1024);
  const place = await room.post(0, body);
  await expect(room.post(0, body)).rejects.toMatchObject({ code: 'duplicate-record', existing: place });
  await expect(room.post(0, random(1024), second)).rejects.toEqual(refusedAs('bad-signature'));
  const dropped = await relay.post({ postage: await purse.take(1), mailbox: DROP_MAILBOX, kind: 'drop', slot: 0 as Slot, body: random(16 * 1024), signature: undefined });
  const committed = await room.commit(0, random(64 * 1024), second);
  await expect(room.post(0, random(1024))).rejects.toMatchObject({ code: 'wrong-slot', currentSlot: 1 });
  await room.post(1, random(4096), second);
  expect([dropped.seq, committed.seq]).toEqual([place.seq + 1, place.seq + 2]);

  const page = await relay.readPage(pass, shard, Math.floor((place.seq - 1) / PAGE_SIZE));
  const mine = page.records.filter(({ seq }) => seq >= place.seq);
  expect(mine.map(({ kind, slot, seq }) => [kind, slot, seq - place.seq])).toEqual([['post', 0, 0], ['drop', 0, 1], ['commit', 0, 2], ['post', 1, 3]]);
  expect(mine[0]?.mailbox).toEqual(room.mailbox);
  expect(hex(mine[0]?.body ?? new Uint8Array(0))).toBe(hex(body));
  expect(page).toMatchObject({ complete: false, head: place.seq + 3, expired: [] });

  await expect(relay.readPage(randomPass(), shard, 0)).rejects.toEqual(refusedAs('no-pass'));
  await expect(relay.readPage(pass, shard, 9_999)).rejects.toEqual(refusedAs('unknown-page'));
  await expect(relay.readPage(pass, 5 as ShardIndex, 0)).rejects.toEqual(refusedAs('unknown-shard'));
  await expect(relay.openMailbox({ postage: await purse.take(1), mailbox: room.mailbox, verifyKey: first.verifyKey, proof: signed(first, openMailboxMessage(hub, room.mailbox, first.verifyKey)) }))
    .rejects.toEqual(refusedAs('mailbox-exists'));
});

test('a page is complete when it is full', async () => {
  const key = postKey();
  const room = await mailboxWith(key);
  await Promise.all(Array.from({ length: PAGE_SIZE }, () => room.post(0, random(1024))));
  const page = await relay.readPage(pass, shard, 0);
  expect([page.complete, page.records.map(({ seq }) => seq)]).toEqual([true, Array.from({ length: PAGE_SIZE }, (_, i) => i + 1)]);
});

test('packages come out once each, the last-resort one again and again', async () => {
  const pool = random(16) as PoolId;
  const ownerSecret = random(32) as Secret32;
  const [a, b, last] = [random(4096), random(4096), random(8192)];
  await expect(take(pool)).rejects.toEqual(refusedAs('unknown-pool'));
  expect(await relay.fillPool({ postage: await purse.take(1), pool, ownerSecret, packages: [a, b], lastResort: last })).toEqual({ waiting: 2 });
  await expect(relay.fillPool({ postage: await purse.take(1), pool, ownerSecret: random(32) as Secret32, packages: [a] })).rejects.toEqual(refusedAs('not-owner'));
  const taken = [await take(pool), await take(pool), await take(pool), await take(pool)];
  expect(taken.map(({ lastResort }) => lastResort)).toEqual([false, false, true, true]);
  expect(new Set(taken.map(({ sealed }) => hex(sealed)))).toEqual(new Set([a, b, last].map(hex)));
});

test('a meeting place is claimed once, answered once, and read by both sides', async () => {
  const rendezvous = random(16) as RendezvousId;
  const [ownerSecret, claimSecret] = [random(32), random(32)] as [Secret32, Secret32];
  const [claim, answer] = [random(4096), random(262_144)];
  await expect(relay.claimRendezvous({ rendezvous, claimSecret, body: claim })).rejects.toEqual(refusedAs('unknown-rendezvous'));
  await relay.openRendezvous({ postage: await purse.take(1), rendezvous, ownerSecret });
  expect(await relay.readRendezvous({ rendezvous, secret: ownerSecret })).toEqual({ claim: undefined, answer: undefined, refusedClaims: 0 });
  await relay.claimRendezvous({ rendezvous, claimSecret, body: claim });
  await relay.claimRendezvous({ rendezvous, claimSecret, body: claim });
  await expect(relay.claimRendezvous({ rendezvous, claimSecret: random(32) as Secret32, body: claim })).rejects.toEqual(refusedAs('already-claimed'));
  await expect(relay.answerRendezvous({ rendezvous, ownerSecret: claimSecret, body: answer })).rejects.toEqual(refusedAs('not-owner'));
  await relay.answerRendezvous({ rendezvous, ownerSecret, body: answer });
  for (const secret of [ownerSecret, claimSecret]) {
    const state = await relay.readRendezvous({ rendezvous, secret });
    expect([hex(state.claim ?? new Uint8Array(0)), hex(state.answer ?? new Uint8Array(0)), state.refusedClaims]).toEqual([hex(claim), hex(answer), 1]);
  }
});

test('the tail goes on where the pages end, and finds its way back after a restart', async () => {
  const heads: number[] = [];
  const seen: LogRecord[] = [];
  const closed: string[] = [];
  let tail: Tail | undefined;
  try {
    tail = relay.tail(pass, [shard], {
      opened: (all) => heads.push(all.get(0) ?? -1),
      records: (_shard, records) => seen.push(...records),
      closed: (why) => closed.push(why.name),
    });
    await vi.waitFor(() => expect(heads).toHaveLength(1), { timeout: 10_000 });
    const room = await mailboxWith(postKey());
    const before = heads[0] as number;
    for (let i = 0; i < 5; i += 1) await room.post(0, random(1024));
    await vi.waitFor(() => expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5].map((i) => before + i)), { timeout: 10_000 });

    await server.restart();
    tail.nudge();
    await vi.waitFor(() => expect(heads).toHaveLength(2), { timeout: 30_000 });
    expect(heads[1]).toBe(before + 5);
    expect(closed.length).toBeGreaterThan(0);
    await room.post(0, random(1024));
    await vi.waitFor(() => expect(seen.at(-1)?.seq).toBe(before + 6), { timeout: 10_000 });
  } finally {
    tail?.close();
  }
});

test('a tail without a pass hears so', async () => {
  const why = await new Promise((resolve) => {
    const tail = relay.tail(randomPass(), [shard], {
      opened: () => resolve('opened'), records: () => undefined, closed: (reason) => (tail.close(), resolve(reason)),
    });
  });
  expect(why).toEqual(refusedAs('no-pass'));
});
