/** Whatever stands in the log, a device reads on: nobody can stop another for ever with one record. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMls } from '#core/mls/mls.ts';
import type { Mls } from '#core/mls/port.ts';
import { type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import type { TestPerson } from '../harness/people.ts';

/** Stumbles over the next record it is asked to open, as over a mistake of ours that nobody has found yet. */
const clumsy: { mls: Mls; stumbles: boolean } = { mls: createMls(), stumbles: false };
const atBob: Mls = {
  ...clumsy.mls,
  open: async (...asked) => {
    if (!clumsy.stumbles) return clumsy.mls.open(...asked);
    clumsy.stumbles = false;
    throw new RangeError('a number nobody foresaw');
  },
};
let hub: Hub;
beforeAll(async () => { hub = await hubOf(['alice', 'bob'], { bob: { mls: atBob } }); });
afterAll(() => hub.end());

it('a record that a device stumbles over is passed over, and what comes after it is read', async () => {
  const [alice, bob] = hub.people as readonly [TestPerson, TestPerson];
  const room = await roomOf(hub.people);
  await alice.say(room, 'before');
  await bob.session.catchUp();
  await alice.say(room, 'the stumbling block');
  await alice.say(room, 'after');
  clumsy.stumbles = true;
  expect(await bob.texts(room)).toEqual(['before', 'after']);
  expect(clumsy.stumbles).toBe(false);
  expect(await bob.events(room)).toContain('hidden-record');
  await worksOn(hub.people, room);
  await bob.restart();
  expect((await bob.texts(room)).slice(0, 2)).toEqual(['before', 'after']);
});
