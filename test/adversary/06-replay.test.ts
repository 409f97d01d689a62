/** A true record, once more. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hex } from '#shared/sodium.ts';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { eventsOf, worksOn } from '../harness/hub-story.ts';
import { type LyingRelay, lyingRelay } from '../harness/mallory-relay.ts';
import { until } from '../harness/people.ts';

const toBob = lyingRelay();
const toCarol = lyingRelay();
let hub: HostileHub;
let room: RoomId;
beforeAll(async () => {
  hub = await hostileHub({ bob: { relayAt: toBob.relayAt }, carol: { relayAt: toCarol.relayAt, live: true } });
});
beforeEach(async () => { room = await hub.freshRoom(); });
afterAll(() => hub.end());

const ofRoom = ({ log }: LyingRelay): LogRecord[] => log.filter((record) => hex(record.mailbox) === room);

it('attack 06 replay: the relay refuses a second copy and says where the first stands', async () => {
  const [alice, bob] = hub.honest;
  const seq = await alice.say(room, 'pay the rent into the strike fund');
  await bob.session.catchUp();
  const { body } = ofRoom(toBob).at(-1) as LogRecord;
  await expect(hub.forger.post(room, body)).rejects.toMatchObject({ code: 'duplicate-record', existing: { seq } });
  expect(await bob.texts(room)).toEqual(['pay the rent into the strike fund']);
});

it('attack 06 replay: copies that the relay slips in are ignored, in a page, in the tail, and after a restart', async () => {
  const [alice, bob, carol] = hub.honest;
  const before = ofRoom(toBob).length;
  await alice.session.renewKeys(room);
  await alice.say(room, 'tonight at eight');
  await bob.say(room, 'I bring bread');
  const words = ['tonight at eight', 'I bring bread'];
  expect(await bob.texts(room)).toEqual(words);
  await until(async () => (await carol.texts(room)).length === 2, 'carol to have read both');

  // Everything of the room since they are in it, its commits and their own words too, once more to each of them.
  toBob.inject(...ofRoom(toBob).slice(before));
  toCarol.inject(...ofRoom(toCarol).slice(before));
  await alice.say(room, 'see you');
  expect(await bob.texts(room)).toEqual([...words, 'see you']);
  await until(async () => (await carol.session.timeline(room)).items.some((item) => item.kind === 'message' && item.text === 'see you'), 'the tail to bring it');
  expect(await carol.texts(room)).toEqual([...words, 'see you']);
  for (const person of [bob, carol]) expect(await eventsOf(person, room, 'hidden-record'), `${person.name} is not troubled with copies`).toEqual([]);

  for (const [person, lies] of [[bob, toBob], [carol, toCarol]] as const) {
    await person.restart();
    lies.inject(...ofRoom(lies));
    expect(await person.texts(room)).toEqual([...words, 'see you']);
    expect((await person.session.rooms()).find(({ id }) => id === room)).toMatchObject({ people: 4, active: true });
  }
  await worksOn(hub.honest, room);
});
