/** Whoever carries alice's credential is alice to everybody in the room. Mallory may add and remove here, and still may not do that. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adding, bentCommit, removing, withLeafOf, withOwnLeaf } from '#core/mls/testing/hostile.ts';
import type { RefusedReason, RoomId } from '#core/session/api.ts';
import { ed25519KeyPair, randomBytes } from '#shared/sodium.ts';
import { namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';

let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub(); });
afterAll(() => hub.end());

const ALICE = 0;
const BOB = 1;
const credentialOf = (room: RoomId, leaf: number) => hub.mls.roomIn(room).leaves[leaf]?.credential as Uint8Array;
const basic = (identity: Uint8Array) => ({ credentialType: 'basic' as const, identity });

/** Her own place in the room takes alice's name. */
const inHerOwnLeaf = (room: RoomId): Promise<Uint8Array> =>
  bentCommit(hub.mls.roomIn(room), [], (state) => withOwnLeaf(state, () => ({ credential: basic(credentialOf(room, ALICE)) })));

/** Bob goes, and his place is filled with a leaf that says it is alice's. */
async function inBobsPlace(room: RoomId): Promise<Uint8Array> {
  const { keyPackage } = await hub.mls.newKeyPackage('xwing', credentialOf(room, ALICE), ed25519KeyPair(randomBytes(32)), 30);
  return bentCommit(hub.mls.roomIn(room), [removing(BOB), adding(keyPackage)]);
}

/** Bob's leaf stays where it is and is rewritten in the tree she commits to. */
const overBobsLeaf = (room: RoomId): Promise<Uint8Array> =>
  bentCommit(hub.mls.roomIn(room), [], (state) => withLeafOf(state, BOB, () => ({ credential: basic(credentialOf(room, ALICE)) })));

it.each<[string, (room: RoomId) => Promise<Uint8Array>, RefusedReason]>([
  ['the committer’s own leaf', inHerOwnLeaf, 'swapped-credential'],
  ['a leaf in the place of bob’s', inBobsPlace, 'mixed-change'],
  ['bob’s leaf in the tree', overBobsLeaf, 'unreadable'],
])('attack 02 credential swap: giving %s alice’s credential is refused by every device, told by name, and the room works on', async (_what, make, reason) => {
  const room = await hub.freshRoom({ malloryIsAdmin: true });
  await hub.forger.commit(room, await make(room));

  await toldByAll(hub, room, reason);
  await replanted(hub.honest, room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(['alice', 'bob', 'carol']);
  await worksOn(hub.honest, room);
});
