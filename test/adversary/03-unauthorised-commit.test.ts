/** Mallory is a member like any other, and acts as if she were an admin. Her commits are flawless but for that. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoomSettingsSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import type { Room } from '#core/mls/port.ts';
import { fromHex } from '#shared/sodium.ts';
import { namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';

let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub(); });
afterAll(() => hub.end());

const ALICE = 0;

async function makesHerselfAdmin(room: Room): Promise<Uint8Array> {
  const settings = fromBinary(RoomSettingsSchema, room.settings);
  const me = fromHex((await hub.mallory.session.overview()).me?.id ?? '') as Uint8Array;
  return (await hub.mls.changeSettings(room, toBinary(RoomSettingsSchema, { ...settings, admins: [...settings.admins, me] }))).body;
}

it.each<[string, (room: Room) => Promise<Uint8Array>]>([
  ['removes alice', async (room) => (await hub.mls.remove(room, [ALICE])).body],
  ['makes herself an admin', makesHerselfAdmin],
])('attack 03 unauthorised commit: a member who %s is refused by everybody, and the room works on', async (_what, make) => {
  const room = await hub.freshRoom();
  await hub.forger.commit(room, await make(hub.mls.roomIn(room)));

  await toldByAll(hub, room, 'not-admin');
  await replanted(hub.honest, room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(['alice', 'bob', 'carol']);
  await worksOn(hub.honest, room);
});

it('attack 03 unauthorised commit: what was being written meanwhile is sent once the room goes on', async () => {
  const room = await hub.freshRoom();
  const [alice, bob, carol] = hub.honest;
  await hub.forger.commit(room, (await hub.mls.remove(hub.mls.roomIn(room), [ALICE])).body);
  const waiting = await bob.session.send(room, 'sealed for a slot that is over');

  await replanted([alice, bob, carol], room);
  await bob.session.delivered(room, waiting);
  for (const person of [alice, bob, carol]) expect(await person.texts(room)).toEqual(['sealed for a slot that is over']);
});

it('attack 03 unauthorised commit: a device that was away, and one that is restarted in between, come along', async () => {
  const room = await hub.freshRoom();
  const [alice, bob, carol] = hub.honest;
  await hub.forger.commit(room, (await hub.mls.remove(hub.mls.roomIn(room), [ALICE])).body);
  await bob.session.catchUp();
  await bob.restart();
  await replanted([alice, bob], room);
  await worksOn([alice, bob], room);
  await carol.restart();
  await worksOn([alice, bob, carol], room);
});
