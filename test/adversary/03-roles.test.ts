/** Mallory helps to look after a room, or is a plain member of it, and does more than that allows. Her commits are flawless but for that. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CardsSchema, ProfileFactsSchema, RoomContentSchema, RoomSettingsSchema, type RoomSettings } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { LABELS, signFacts } from '#core/domain/signing.ts';
import type { Room } from '#core/mls/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { ed25519KeyPair, ed25519Sign, fromHex, randomBytes } from '#shared/sodium.ts';
import { namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';

let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub(); });
afterAll(() => hub.end());

const [ALICE, BOB] = [0, 1];
const settingsWith = async (room: Room, change: Partial<RoomSettings>): Promise<Uint8Array> => {
  const settings = fromBinary(RoomSettingsSchema, room.settings);
  return (await hub.mls.changeSettings(room, toBinary(RoomSettingsSchema, { ...settings, ...change }))).body;
};
const idOf = async (name: string) => (await hub.honest[0].seen(name)).id;

async function moderatedRoom(): Promise<RoomId> {
  const room = await hub.freshRoom();
  await hub.honest[0].session.setRole(room, await idOf('mallory'), 'moderator');
  await Promise.all([...hub.honest, hub.mallory].map((person) => person.session.catchUp()));
  return room;
}

it.each<[string, () => Promise<RoomId>, (room: Room) => Promise<Uint8Array>]>([
  ['a moderator removes an admin', moderatedRoom, async (room) => (await hub.mls.remove(room, [ALICE])).body],
  ['a moderator lets everybody add people', moderatedRoom, (room) => settingsWith(room, { mayAdd: 2 })],
  ['a member lets only some write', () => hub.freshRoom(), (room) => settingsWith(room, { announcementOnly: true })],
  ['a member removes another', () => hub.freshRoom(), async (room) => (await hub.mls.remove(room, [BOB])).body],
])('attack 03 unauthorised commit: %s, and is refused by everybody; the room works on', async (_what, begin, make) => {
  const room = await begin();
  await hub.forger.commit(room, await make(hub.mls.roomIn(room)));
  await toldByAll(hub, room, 'not-admin');
  await replanted(hub.honest, room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(['alice', 'bob', 'carol']);
  await worksOn(hub.honest, room);
});

it('attack 03 unauthorised commit: a device of somebody else is not brought in as one of her own', async () => {
  const room = await hub.freshRoom();
  const inside = hub.mls.roomIn(room);
  // Bob's certificates, copied from his leaf, on a key of hers: the device certificate is not for that key.
  const stolen = inside.leaves[BOB]?.credential as Uint8Array;
  const keys = ed25519KeyPair(randomBytes(32));
  const { keyPackage } = await hub.mls.newKeyPackage(inside.suite, stolen, { verifyKey: keys.verifyKey, signKey: keys.signKey }, 30);
  await hub.forger.commit(room, (await hub.mls.add(inside, [keyPackage])).body);
  await toldByAll(hub, room, 'ghost');
  await replanted(hub.honest, room);
  await worksOn(hub.honest, room);
});

it('attack 03 unauthorised commit: what she writes in a room for announcements is shown to nobody, and counts as nothing', async () => {
  const room = await hub.freshRoom();
  const [alice, bob] = hub.honest;
  await alice.session.setAnnouncementOnly(room, true);
  await Promise.all([...hub.honest, hub.mallory].map((person) => person.session.catchUp()));
  const inside = hub.mls.roomIn(room);
  const content = create(RoomContentSchema, { id: randomBytes(16), sentAtMs: BigInt(Date.now()), body: { case: 'text', value: { text: 'listen to me' } } });
  const { body } = await hub.mls.encrypt(inside, toBinary(RoomContentSchema, content));
  await hub.forger.post(room, body, inside);
  await alice.say(room, 'meeting at six');
  for (const person of hub.honest) expect(await person.texts(room)).toEqual(['meeting at six']);
  expect((await bob.session.rooms()).find(({ id }) => id === room)?.unread).toBe(1);
});

describe('a profile', () => {
  it('attack 13 impersonation: is set by nobody but whom it shows, neither with her signature nor from another room', async () => {
    const room = await hub.freshRoom();
    const [alice, bob, carol] = hub.honest;
    const settings = fromBinary(RoomSettingsSchema, hub.mls.roomIn(room).settings);
    const keys = ed25519KeyPair(randomBytes(32));
    const bobsKey = fromHex(await idOf('bob')) as Uint8Array;
    const facts = toBinary(ProfileFactsSchema, create(ProfileFactsSchema, { hub: settings.hub, memberKey: bobsKey, room: fromHex(room) as Uint8Array, version: 9, name: 'Fool' }));
    const forged = signFacts(LABELS.profile, facts, [{ key: bobsKey, sign: (message) => ed25519Sign(keys.signKey, message) }]);
    const inside = hub.mls.roomIn(room);
    for (const body of [{ case: 'profile', value: forged } as const, { case: 'cards', value: create(CardsSchema, { profiles: [forged] }) } as const]) {
      const content = create(RoomContentSchema, { id: randomBytes(16), sentAtMs: BigInt(Date.now()), body });
      const sealed = await hub.mls.encrypt(hub.mls.roomIn(room), toBinary(RoomContentSchema, content));
      hub.mls.encode(sealed.next);
      await hub.forger.post(room, sealed.body, inside);
    }
    await alice.say(room, 'who is who');
    for (const person of [alice, bob, carol]) {
      await person.session.catchUp();
      expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol', 'mallory']);
    }
  });
});
