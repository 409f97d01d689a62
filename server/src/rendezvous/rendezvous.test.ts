import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnswerRendezvousSchema, ClaimRendezvousSchema, OpenRendezvousSchema, ReadRendezvousSchema, RendezvousAnsweredSchema, RendezvousClaimedSchema,
  RendezvousOpenedSchema, RendezvousStateSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { WireHub, random } from '../../../test/harness/wire.ts';

const calendar = testCalendar();
let relay: TestRelay & { readonly database: TestDatabase };
let hub: WireHub;
beforeAll(async () => {
  relay = await startTestRelay({ calendar });
  hub = await WireHub.found(relay);
}, 60_000);
afterAll(() => relay.stop());

/** An invitation of alice's, with what the relay lets each side do. */
function invitation() {
  const rendezvous = random(16);
  const owner = random(32);
  return {
    rendezvous,
    owner,
    open: async (ownerSecret = owner, postage?: Uint8Array) =>
      hub.wire.call('/v1/rendezvous/open', OpenRendezvousSchema, { rendezvous, ownerSecret, postage: postage ?? (await hub.purse.take(1)) }, RendezvousOpenedSchema),
    claim: (claimSecret: Uint8Array, body: Uint8Array) =>
      hub.wire.call('/v1/rendezvous/claim', ClaimRendezvousSchema, { rendezvous, claimSecret, body }, RendezvousClaimedSchema),
    answer: (body: Uint8Array, ownerSecret = owner) =>
      hub.wire.call('/v1/rendezvous/answer', AnswerRendezvousSchema, { rendezvous, ownerSecret, body }, RendezvousAnsweredSchema),
    read: (secret: Uint8Array) => hub.wire.call('/v1/rendezvous/read', ReadRendezvousSchema, { rendezvous, secret }, RendezvousStateSchema),
  };
}

describe('rendezvous', () => {
  it('carries one claim and one answer between two who know it', async () => {
    const place = invitation();
    const bob = random(32);
    await place.open();
    await place.open();
    expect(await place.read(place.owner)).toMatchObject({ claim: new Uint8Array(0), answer: new Uint8Array(0), refusedClaims: 0 });
    const [claim, answer] = [random(4096), random(16_384)];
    await place.claim(bob, claim);
    await place.claim(bob, claim);
    await place.answer(answer);
    await place.answer(answer);
    for (const secret of [bob, place.owner]) expect(await place.read(secret)).toMatchObject({ claim, answer, refusedClaims: 0 });
    expect(await codeOf(place.answer(random(16_384)))).toBe('already-answered');
    expect(await codeOf(place.claim(bob, random(4096)))).toBe('already-claimed');
  });

  it('refuses and counts a second claim, so that both sides see it', async () => {
    const place = invitation();
    const [bob, mallory] = [random(32), random(32)];
    await place.open();
    await place.claim(bob, random(4096));
    for (let tries = 0; tries < 3; tries += 1) expect(await codeOf(place.claim(mallory, random(4096)))).toBe('already-claimed');
    expect((await place.read(place.owner)).refusedClaims).toBe(3);
    expect(await codeOf(place.read(mallory))).toBe('not-owner');
    expect(await codeOf(place.answer(random(16_384), mallory))).toBe('not-owner');
  });

  it('gives the place to one of many who claim at once', async () => {
    const place = invitation();
    await place.open();
    await hub.wire.warmUp();
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => place.claim(random(32), random(4096))));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await place.read(place.owner)).refusedClaims).toBe(11);
  });

  it('is opened with postage, by one owner', async () => {
    const place = invitation();
    expect(await codeOf(place.open(undefined, new Uint8Array(100)))).toBe('wrong-week');
    expect(await codeOf(place.claim(random(32), random(4096)))).toBe('unknown-rendezvous');
    await place.open();
    expect(await codeOf(place.open(random(32)))).toBe('not-owner');
  });

  it('is over after three days, even before anybody has swept', async () => {
    const place = invitation();
    const bob = random(32);
    await place.open();
    await place.claim(bob, random(4096));
    calendar.pass(3);
    expect((await place.read(bob)).refusedClaims).toBe(0);
    calendar.pass(1);
    expect(await codeOf(place.read(place.owner))).toBe('unknown-rendezvous');
    expect(await codeOf(place.claim(bob, random(4096)))).toBe('unknown-rendezvous');
    expect(await codeOf(place.answer(random(16_384)))).toBe('unknown-rendezvous');
    await place.open(random(32));
  });

  it('holds bodies to their limits', async () => {
    const place = invitation();
    await place.open();
    for (const size of [0, 1, 4095, 4097, 65_536]) expect(await codeOf(place.claim(random(32), random(size)))).toBe('bad-field');
    await place.claim(random(32), random(16_384));
    for (const size of [0, 1, 4096, 16_383, 262_145]) expect(await codeOf(place.answer(random(size)))).toBe('bad-field');
    await place.answer(random(16_384));
  });
});
