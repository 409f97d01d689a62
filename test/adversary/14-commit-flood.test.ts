/** Mallory is to be removed, and renews her keys as fast as she can, so that every removal comes too late. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { commitMessage, nextKeyMessage } from '#shared/signing.ts';
import { fromHex, sha256 } from '#shared/sodium.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { namesIn, worksOn } from '../harness/hub-story.ts';
import { Purse } from '../harness/purse.ts';
import { until } from '../harness/people.ts';

/** She has made them all before she begins, and sends one as soon as the one before is taken. */
const READY = 160;

let hub: HostileHub;
let tries = 0;
beforeAll(async () => {
  const counting = (origin: string): Relay => {
    const relay = createRelay(origin);
    const commit: Relay['commit'] = (request) => {
      tries += 1;
      return relay.commit(request);
    };
    return new Proxy(relay, { get: (target, name: keyof Relay) => (name === 'commit' ? commit : target[name]) });
  };
  hub = await hostileHub({ alice: { relayAt: counting } });
}, 240_000);
afterAll(() => hub.end());

type Commit = Parameters<Relay['commit']>[0];

/** Her keys, renewed again and again; each is as good as any member's. */
async function renewals(room: RoomId, count: number): Promise<Commit[]> {
  const relay = createRelay(hub.relay.origin);
  const { hub: id } = await relay.hello();
  const purse = Purse.minting(hub.relay.database as NonNullable<typeof hub.relay.database>, id as HubId);
  const commits: Commit[] = [];
  for (let now = hub.mls.roomIn(room); commits.length < count;) {
    const { body, next } = await hub.mls.update(now);
    const [key, nextKey] = [await hub.mls.postKey(now), await hub.mls.postKey(next)];
    const facts = { hub: id as HubId, mailbox: fromHex(room) as MailboxId, slot: now.epoch as Slot, kind: Kind.COMMIT, bodyHash: sha256(body) };
    commits.push({
      mailbox: facts.mailbox, slot: facts.slot, body, nextVerifyKey: nextKey.verifyKey, postage: await purse.take(recordCost(body.length)),
      signature: key.sign(commitMessage(facts, nextKey.verifyKey)), nextProof: nextKey.sign(nextKeyMessage(facts, nextKey.verifyKey)),
    });
    now = next;
  }
  return commits;
}

it('attack 14 commit flood: mallory renews her keys without end, and her removal lands within two tries', async () => {
  const room = await hub.freshRoom();
  const [alice, bob, carol] = hub.honest;
  await worksOn(hub.people, room);
  const before = await alice.texts(room);
  const ready = await renewals(room, READY);
  await hub.mallory.session.lock();

  const relay = createRelay(hub.relay.origin);
  let taken = 0;
  let over = false;
  const flood = (async () => {
    for (const commit of ready) {
      if (over) return;
      await relay.commit(commit);
      taken += 1;
    }
  })();
  await until(async () => taken > 4, 'the flood to have begun');
  tries = 0;
  await alice.remove(room, 'mallory');
  const unspent = READY - taken;
  over = true;
  await flood.catch(() => undefined);
  expect(unspent, 'she was not done').toBeGreaterThan(0);
  expect(tries, 'commits of alice').toBeLessThanOrEqual(2);

  for (const person of hub.honest) {
    await until(async () => (await person.session.catchUp(), !(await namesIn(person, room)).includes('mallory')), `${person.name} to see it`);
    expect((await person.texts(room)).slice(0, before.length), 'nothing is lost').toEqual(before);
  }
  await worksOn([alice, bob, carol], room);
}, 120_000);
