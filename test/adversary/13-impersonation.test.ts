/** Everybody in a room has its keys. Only the leaf's own signature says who speaks. */
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoomContentSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { bentCommit, messageAs, removing } from '#core/mls/testing/hostile.ts';
import { randomBytes } from '#shared/sodium.ts';
import { eventsOf, type Hub, namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';

let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub(); });
afterAll(() => hub.end());

const ALICE = 0;
const BOB = 1;
const saying = (text: string): Uint8Array => toBinary(RoomContentSchema, create(RoomContentSchema, {
  sentAtMs: BigInt(Date.now()), id: randomBytes(16), body: { case: 'text', value: { text } },
}));

it('attack 13 impersonation inside a room: words with alice’s leaf on them are hidden from everybody', async () => {
  const room = await hub.freshRoom();
  const mine = hub.mls.roomIn(room);
  await hub.forger.post(room, await messageAs(mine, ALICE, saying('I, alice, resign')));
  // The same words on her own leaf are read, and are hers: it is the leaf alone that is wrong with the others.
  await hub.forger.post(room, await messageAs(mine, mine.ownLeaf, saying('I, mallory, resign')));

  for (const person of hub.honest) {
    const items = (await person.timeline(room)).filter((item) => item.kind === 'message');
    expect(items.map(({ sender, text }) => [sender.name, text])).toEqual([['mallory', 'I, mallory, resign']]);
    expect(await eventsOf(person, room, 'hidden-record')).toHaveLength(1);
  }
  await worksOn(hub.honest, room);
});

it('attack 13 impersonation inside a room: a removal with alice’s leaf on it is refused, and alice can still remove its author', async () => {
  const room = await hub.freshRoom();
  const body = await bentCommit(hub.mls.roomIn(room), [removing(BOB)], (state) => ({ ...state, privatePath: { ...state.privatePath, leafIndex: ALICE } }));
  await hub.forger.commit(room, body);

  // Nothing authentic says whose it was, so nobody is accused, and nobody is left behind yet.
  await toldByAll(hub, room, 'unreadable', null);
  await replanted(hub.honest, room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(['alice', 'bob', 'carol', 'mallory']);
  await worksOn((hub as Hub).people, room);
  await hub.honest[0].remove(room, 'mallory');
  await worksOn(hub.honest, room);
});
