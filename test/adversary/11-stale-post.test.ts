/** A message meets a slot that is over, a reply that never comes, and a relay that says one thing and does another. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { type Relay, RelayUnreachable } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import type { TestPerson } from '../harness/people.ts';

const toBob = lyingRelay();
let hub: Hub;
let people: [TestPerson, TestPerson, TestPerson];
let room: RoomId;
let relay: Relay;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'carol'], { bob: { relayAt: toBob.relayAt } });
  people = hub.people as typeof people;
  relay = createRelay(hub.relay.origin);
});
beforeEach(async () => { room = await roomOf(people); });
afterEach(() => { toBob.answer = {}; });
afterAll(() => hub.end());

type Post = Parameters<Relay['post']>[0];

/** What happens to the first post of bob's; the others go their way. @returns how often he tried */
function firstPost(fate: (request: Post) => ReturnType<Relay['post']>): () => number {
  let tries = 0;
  toBob.answer = { post: (request) => (tries++ === 0 ? fate(request) : relay.post(request)) };
  return () => tries;
}

async function readOnceByAll(text: string): Promise<void> {
  for (const person of people) expect(await person.texts(room), `what ${person.name} reads`).toEqual([text]);
  await people[1].restart();
  expect(await people[1].texts(room)).toEqual([text]);
  toBob.answer = {};
  await worksOn(people, room);
}

it('attack 11 stale post: a commit takes the slot while a message is on its way, and one copy is delivered', async () => {
  const [alice, bob] = people;
  const tries = firstPost(async (request) => {
    await alice.session.renewKeys(room);
    return relay.post(request);
  });
  await bob.say(room, 'sealed a slot too early');
  expect(tries()).toBe(2);
  await readOnceByAll('sealed a slot too early');
});

it('attack 11 stale post: the reply is lost and then the slot moves on, and one copy is delivered', async () => {
  const [alice, bob] = people;
  firstPost(async (request) => {
    await relay.post(request);
    await alice.session.renewKeys(room);
    throw new RelayUnreachable();
  });
  await bob.say(room, 'did you get this?');
  await readOnceByAll('did you get this?');
});

it('attack 11 stale post: a lost reply in the same slot finds the first copy', async () => {
  const [, bob] = people;
  const tries = firstPost(async (request) => {
    await relay.post(request);
    throw new RelayUnreachable();
  });
  await bob.say(room, 'once is enough');
  expect(tries()).toBe(2);
  await readOnceByAll('once is enough');
});

it('attack 11 stale post: a relay that keeps the message and says that the slot was wrong', async () => {
  const [, bob] = people;
  firstPost(async (request) => {
    await relay.post(request);
    throw new RelayRefusal('wrong-slot', { currentSlot: Number(request.slot) + 1 });
  });
  await bob.say(room, 'you cannot make me repeat myself');
  await readOnceByAll('you cannot make me repeat myself');
});

it('attack 11 stale post: a relay that acknowledges the message and throws it away', async () => {
  const [alice, bob] = people;
  let thrownAway = 0;
  firstPost(async () => {
    thrownAway += 1;
    return { shard: 0, seq: toBob.log.length + 1 } as Awaited<ReturnType<Relay['post']>>;
  });
  const id = await bob.session.send(room, 'not so easily lost');
  await bob.session.delivered(room, id);
  expect(thrownAway).toBe(1);
  expect(await alice.texts(room)).toEqual([]);
  // The log goes past the place it is said to stand at.
  await alice.session.renewKeys(room);
  await bob.session.catchUp();
  await bob.session.delivered(room, id);
  await readOnceByAll('not so easily lost');
});
