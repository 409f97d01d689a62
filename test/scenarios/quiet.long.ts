/** Half a minute of waiting, so not in every run. A room that sends quietly, over a real relay: one half minute of real time, shared by two devices. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';
import { GRID_MS, JITTER_MS } from '#core/domain/quiet.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

let relay: TestRelay;
let alice: TestPerson;
let bob: TestPerson;
let room: string;
const posted: { at: number; what: 'post' | 'commit' }[] = [];

/** Notes when something of a room leaves the device. */
const watched = (origin: string): Relay => {
  const real = createRelay(origin);
  return {
    ...real,
    post: (request) => {
      if (request.kind === 'post') posted.push({ at: Date.now(), what: 'post' });
      return real.post(request);
    },
    commit: (request) => {
      posted.push({ at: Date.now(), what: 'commit' });
      return real.commit(request);
    },
  };
};

beforeAll(async () => {
  relay = await startTestRelay();
  alice = await foundHub(relay.foundingLink as string, 'alice', { relayAt: watched });
  bob = await welcome(alice, 'bob', { relayAt: watched });
  const carol = await welcome(alice, 'carol');
  room = await alice.session.createRoom('Stairwell B');
  for (const name of ['bob', 'carol']) await alice.add(room, name);
  await carol.session.close();
  await bob.texts(room);
});
afterAll(async () => {
  await Promise.all([alice.session.close(), bob.session.close()]);
  await relay.stop();
});

it('an admin says so, everybody reads who did, and what two people write leaves at the same half minute', async () => {
  await expect(bob.session.setQuiet(room, true)).rejects.toMatchObject({ code: 'not-allowed' });
  await alice.session.setQuiet(room, true);
  expect(await bob.events(room)).toContain('quieted');
  for (const person of [alice, bob]) expect((await person.session.rooms())[0]?.quiet).toBe(true);

  posted.length = 0;
  // Not so close to the half minute that writing takes longer than what is left of it.
  await until(() => Date.now() % GRID_MS < GRID_MS - 5_000, 'a half minute with some time left', 10_000);
  const wrote = Date.now();
  const tick = Math.ceil(wrote / GRID_MS) * GRID_MS;
  const sent = [await alice.session.send(room, 'one'), await alice.session.send(room, 'two')];
  const theirs = await bob.session.send(room, 'three');
  expect((await alice.session.timeline(room)).items.at(-1)).toMatchObject({ text: 'two', state: 'sending' });

  // A removal is not made to wait.
  await alice.remove(room, 'carol');
  expect(Date.now()).toBeLessThan(tick);
  expect(posted.map(({ what }) => what)).toEqual(['commit']);

  await Promise.all([...sent.map((id) => alice.session.delivered(room, id)), bob.session.delivered(room, theirs)]);
  for (const { at, what } of posted) if (what === 'post') expect(at).toBeGreaterThanOrEqual(tick);
  for (const { at, what } of posted) if (what === 'post') expect(at).toBeLessThan(tick + 5 * JITTER_MS + 10_000);
  const texts = await alice.texts(room);
  expect(texts.filter((text) => text !== 'three')).toEqual(['one', 'two']);
  expect([...texts].sort()).toEqual(['one', 'three', 'two']);

  await alice.session.setQuiet(room, false);
  expect(await bob.events(room)).toContain('unquieted');
  await bob.say(room, 'at once again');
});
