/** MLS lets an outsider join by a commit of its own. Here nobody comes in that way, not even with a member's help. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromOutside } from '#core/mls/testing/hostile.ts';
import type { OwnKeyPackage } from '#core/mls/port.ts';
import { ed25519KeyPair, fromHex, randomBytes } from '#shared/sodium.ts';
import { HANDSHAKE_BODY_SIZES } from '#shared/limits.ts';
import { pad } from '#shared/padding.ts';
import type { MailboxId, Slot } from '#shared/ids.ts';
import { eventsOf, namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';

const toBob = lyingRelay();
let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub({ bob: { relayAt: toBob.relayAt } }); });
afterAll(() => hub.end());

/** Somebody with a true member's credential: even that opens no door from outside. */
const outsider = (credential: Uint8Array): Promise<OwnKeyPackage> => hub.mls.newKeyPackage('xwing', credential, ed25519KeyPair(randomBytes(32)), 30);
const EVERYBODY = ['alice', 'bob', 'carol', 'mallory'];

it('attack 15 external commit: one that a member seals and posts for an outsider is ignored, and the room works on', async () => {
  const room = await hub.freshRoom();
  const mine = hub.mls.roomIn(room);
  const { commit } = await fromOutside(mine, await outsider(mine.leaves[1]?.credential as Uint8Array));
  await hub.forger.commit(room, commit);

  await toldByAll(hub, room, 'forbidden-kind', null);
  await replanted(hub.honest, room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(EVERYBODY);
  await worksOn(hub.people, room);
});

it('attack 15 external commit: a proposal from outside is ignored', async () => {
  const room = await hub.freshRoom();
  const mine = hub.mls.roomIn(room);
  const { proposal } = await fromOutside(mine, await outsider(mine.leaves[1]?.credential as Uint8Array));
  await hub.forger.post(room, proposal);

  await toldByAll(hub, room, 'forbidden-kind', null);
  for (const person of hub.honest) {
    expect(await namesIn(person, room)).toEqual(EVERYBODY);
    expect(await eventsOf(person, room, 'replanted')).toEqual([]);
  }
  await hub.honest[1].session.renewKeys(room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(EVERYBODY);
  await worksOn(hub.people, room);
});

it('attack 15 external commit: one that the relay itself slips in is hidden and moves nothing', async () => {
  const room = await hub.freshRoom();
  const mine = hub.mls.roomIn(room);
  const { bare } = await fromOutside(mine, await outsider(mine.leaves[1]?.credential as Uint8Array));
  const body = pad(bare, HANDSHAKE_BODY_SIZES, 0) as Uint8Array;
  toBob.inject({ mailbox: fromHex(room) as MailboxId, kind: 'commit', slot: mine.epoch as Slot, body });
  await hub.honest[0].say(room, 'anybody there?');

  const [, bob] = hub.honest;
  expect(await eventsOf(bob, room, 'hidden-record')).toHaveLength(1);
  expect(await namesIn(bob, room)).toEqual(EVERYBODY);
  await worksOn(hub.people, room);
});
