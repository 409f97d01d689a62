/** One removal is enough, whatever mallory kept and however long the relay lets her read the log. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCommit } from '#core/mls/testing/hostile.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { freshMailbox, moving, setTrap, signerOf } from '../harness/forged-welcome.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { eventsOf, namesIn, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { watchedMls } from '../harness/mallory-member.ts';

const atAlice = { mls: watchedMls() };
const atBob = watchedMls();
const toMallory = lyingRelay();
let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub({ alice: atAlice, bob: { mls: atBob }, mallory: { relayAt: toMallory.relayAt } }); });
afterAll(() => hub.end());

it('attack 04 removed member reads: after one remove the commit has a path, exporters differ, and nothing later can be opened', async () => {
  const room = await hub.freshRoom();
  const [alice, bob] = hub.honest;
  await alice.say(room, 'mallory may read this');
  expect(await hub.mallory.texts(room)).toEqual(['mallory may read this']);
  const kept = hub.mls.roomIn(room);

  await alice.remove(room, 'mallory');
  await bob.session.catchUp();
  await alice.say(room, 'she is gone');
  await bob.say(room, 'at last');
  await hub.mallory.session.catchUp();

  const ofRoom = toMallory.log.filter((record) => hex(record.mailbox) === room);
  const later = ofRoom.slice(ofRoom.findLastIndex(({ kind }) => kind === 'commit'));
  const [removal, ...posts] = later;
  expect(later.map(({ kind }) => kind)).toEqual(['commit', 'post', 'post']);
  expect((await readCommit(kept, removal?.body as Uint8Array)).path).toBeTruthy();

  const now = atAlice.mls.roomIn(room);
  const context = fromHex(room) as Uint8Array;
  expect(now.epoch).toBe(kept.epoch + 1);
  for (const label of ['thicket/1 outer', 'thicket/1 post key', 'test']) {
    expect(await atAlice.mls.exportSecret(now, label, context, 32)).not.toEqual(await hub.mls.exportSecret(kept, label, context, 32));
  }

  const anything = { leaf: () => undefined, change: () => undefined };
  for (const { body } of posts) expect(await hub.mls.open(kept, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });
  await hub.mallory.restart();
  expect(await hub.mallory.texts(room)).toEqual(['mallory may read this']);
  expect((await hub.mallory.session.rooms()).find(({ id }) => id === room)).toMatchObject({ active: false });
  await worksOn(hub.honest, room);
});

it('attack 04 removed member reads: an admin who was removed cannot take the room with her to another mailbox', async () => {
  const room = await hub.freshRoom({ malloryIsAdmin: true });
  const [alice, bob] = hub.honest;
  const mallorys = await signerOf(hub.mallory);
  await alice.remove(room, 'mallory');
  await bob.session.catchUp();

  const says = freshMailbox();
  const settings = { name: 'Stairwell B', replanting: await moving(hub, room, says, mallorys) };
  await hub.mallory.session.catchUp();
  await setTrap(hub, atBob, { says, settings, commitSeq: BigInt(toMallory.log.length) });
  await bob.say(room, 'now that she is gone');
  expect(await eventsOf(bob, room, 'replanted')).toEqual([]);
  expect(await namesIn(bob, room)).toEqual(['alice', 'bob', 'carol']);
  await worksOn(hub.honest, room);
});

it('attack 04 removed member reads: an admin who was removed and comes back is an admin no longer', async () => {
  const room = await hub.freshRoom({ malloryIsAdmin: true });
  const [alice, bob, carol] = hub.honest;
  await alice.remove(room, 'mallory');
  await alice.add(room, 'mallory');
  await hub.mallory.session.catchUp();
  await worksOn(hub.people, room);
  for (const person of [alice, bob, carol]) {
    expect((await person.session.members(room)).filter(({ admin }) => admin).map(({ name }) => name)).toEqual(['alice']);
  }
  await expect(hub.mallory.remove(room, 'alice')).rejects.toMatchObject({ code: 'not-allowed' });
});
