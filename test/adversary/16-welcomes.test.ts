/** A Welcome is an invitation into a room, once, by somebody who may. Drops are unsigned, so anybody can post one. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { signerFrom } from '#core/session/signer.ts';
import { randomBytes } from '#shared/sodium.ts';
import { askFor, cardIn, freshMailbox, keyOf, mailboxOf, moving, setTrap, signerOf, type Trap } from '../harness/forged-welcome.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { eventsOf, namesIn, roomOf, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { watchedMls } from '../harness/mallory-member.ts';
import { type TestPerson, until } from '../harness/people.ts';

const toBob = lyingRelay();
const atBob = watchedMls();
const fromAlice = lyingRelay();
const atAlice = watchedMls();
const atCarol = watchedMls();
let hub: HostileHub;
let room: RoomId;
beforeAll(async () => {
  hub = await hostileHub({ alice: { relayAt: fromAlice.relayAt, mls: atAlice }, bob: { relayAt: toBob.relayAt, mls: atBob }, carol: { mls: atCarol } });
});
beforeEach(async () => { room = await hub.freshRoom(); });
afterAll(() => hub.end());

const drops = (): LogRecord[] => toBob.log.filter(({ kind }) => kind === 'drop');
const roomsOfBob = async () => {
  const [, bob] = hub.honest;
  await bob.session.catchUp();
  return (await bob.session.rooms()).map(({ id, name, active, people }) => ({ id, name, active, people }))
    .sort((a, b) => a.id.localeCompare(b.id));
};

it('attack 16 replayed Welcome: injected again while bob is in the room, it changes nothing', async () => {
  const before = await roomsOfBob();
  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(before);
  await hub.honest[1].restart();
  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(before);
  await worksOn(hub.honest, room);
});

it.each([['an ordinary key package', false], ['the last-resort key package', true]])('attack 16 replayed Welcome: made for %s, it brings nobody back after a removal', async (_which, lastResort) => {
  const [alice, bob] = hub.honest;
  await alice.remove(room, 'bob');
  const relay = createRelay(hub.relay.origin);
  // The pool is emptied by whoever likes to, so that bob's last package is all there is.
  if (lastResort) fromAlice.answer = { takePackage: async ({ pool }) => {
    for (;;) {
      const taken = await relay.takePackage({ pool, postage: await hub.purse.take(1) });
      if (taken.lastResort) return taken;
    }
  } };
  await alice.add(room, 'bob');
  await bob.session.catchUp();
  await worksOn(hub.honest, room);
  await alice.remove(room, 'bob');
  const out = await roomsOfBob();
  expect(out.find(({ id }) => id === room)).toMatchObject({ active: false });

  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(out);
  await bob.restart();
  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(out);
  await expect(bob.session.send(room, 'am I in?')).rejects.toMatchObject({ code: 'room-inactive' });

  fromAlice.answer = {};
  await alice.add(room, 'bob');
  await bob.session.catchUp();
  await worksOn(hub.honest, room);
});

/** The same group and drop as anybody could make them for bob, with this or that wrong in it. */
const welcomeBob = (trap: Omit<Trap, 'commitSeq'> & { commitSeq?: bigint }): Promise<void> =>
  setTrap(hub, atBob, { commitSeq: BigInt(toBob.log.length), ...trap });

it('attack 16 foreign Welcome: for another hub, another mailbox, or a room that bob is in, it is refused', async () => {
  const before = await roomsOfBob();
  await welcomeBob({ says: freshMailbox(), settings: { hub: randomBytes(16) } });
  await welcomeBob({ says: freshMailbox(), group: freshMailbox() });
  await welcomeBob({ says: freshMailbox(), settings: { mailbox: freshMailbox() } });
  await welcomeBob({ says: mailboxOf(room), epochs: 12 });
  expect(await roomsOfBob()).toEqual(before);
  await worksOn(hub.honest, room);

  // None of them failed for a reason of its own: the same with nothing wrong in it is a room of mallory's like any other.
  await welcomeBob({ says: freshMailbox() });
  expect(await roomsOfBob()).toHaveLength(before.length + 1);
});

it('attack 16 foreign Welcome: a room that says it goes on from bob’s, without an admin’s signature, is refused', async () => {
  const [, bob] = hub.honest;
  const before = await roomsOfBob();
  const newMailbox = freshMailbox();
  for (const signer of [signerFrom(randomBytes(32)), await signerOf(hub.mallory)]) {
    await welcomeBob({ says: newMailbox, settings: { name: 'Stairwell B', replanting: await moving(hub, room, newMailbox, signer) } });
  }
  // An admin's signature that was meant for others does not help whoever got hold of it.
  const alices = await moving(hub, room, newMailbox, await signerOf(hub.honest[0]));
  await welcomeBob({ says: newMailbox, settings: { name: 'Stairwell B', replanting: alices } });
  expect(await roomsOfBob()).toEqual(before);
  expect(await eventsOf(bob, room, 'replanted')).toEqual([]);
  expect(await namesIn(bob, room)).toEqual(['alice', 'bob', 'carol', 'mallory']);
  await worksOn(hub.honest, room);
});

it('attack 16 foreign Welcome: of two moves the one that only claims to be earlier is not followed', async () => {
  const own = await hub.freshRoom({ malloryIsAdmin: true });
  const mallorys = await signerOf(hub.mallory);
  const nameOfIt = async () => (await roomsOfBob()).find(({ id }) => id === own)?.name;
  const move = async (name: string, commitSeq?: bigint): Promise<void> => {
    const says = freshMailbox();
    await welcomeBob({ says, settings: { name, replanting: await moving(hub, own, says, mallorys) }, ...(commitSeq && { commitSeq }) });
  };
  const made = atBob.made.length;
  await move('The first');
  expect(await nameOfIt()).toBe('The first');
  // The key package it came by is used up; one of each suite takes its place, X-Wing's first.
  await until(() => atBob.made.length >= made + 2, 'bob to make new key packages');
  await move('Claims to be earlier', 1n);
  expect(await nameOfIt()).toBe('The first');
});

it('attack 16 foreign Welcome: bob is told who made it, not whose card it carries', async () => {
  const [, bob] = hub.honest;
  const before = await roomsOfBob();
  const alices = await keyOf(hub, 'alice');
  const card = await cardIn(hub.mallory, alices);
  // Nobody but an admin brings people in, so a room of alice's is not mallory's to welcome him into.
  await welcomeBob({ says: freshMailbox(), settings: { name: 'Steering group', admins: [alices] }, card });
  expect(await roomsOfBob()).toEqual(before);

  await welcomeBob({ says: freshMailbox(), settings: { name: 'Steering group' }, card });
  const steering = (await roomsOfBob()).find(({ name }) => name === 'Steering group');
  expect((await eventsOf(bob, steering?.id as RoomId, 'joined')).map(({ by }) => by.name)).toEqual(['mallory']);
});

it('attack 16 foreign Welcome: a group made for a room’s mailbox before bob comes does not keep him out of the room', async () => {
  const [alice, bob, carol] = hub.honest;
  const others = await roomOf([alice, carol, hub.mallory], 'Without bob');
  await bob.session.catchUp();
  await welcomeBob({ says: mailboxOf(others) });
  expect((await roomsOfBob()).find(({ id }) => id === others)).toMatchObject({ name: 'A trap' });
  const message = await bob.session.send(others, 'for the people of the trap only');

  await alice.add(others, 'bob');
  expect((await roomsOfBob()).find(({ id }) => id === others)).toMatchObject({ name: 'Without bob', active: true });
  expect(await namesIn(bob, others)).toEqual(['alice', 'bob', 'carol', 'mallory']);
  await expect(bob.session.delivered(others, message)).rejects.toMatchObject({ name: 'SessionFailure' });
  await alice.say(others, 'here is bob');
  await bob.say(others, 'here I am');
  for (const person of [alice, carol]) expect(await person.texts(others)).toEqual(['here is bob', 'here I am']);
  expect((await bob.timeline(others)).flatMap((item) => (item.kind === 'message' ? [[item.text, item.state]] : [])))
    .toEqual([['here is bob', 'sent'], ['here I am', 'sent'], ['for the people of the trap only', 'failed']]);

  // Once the room has spoken, no other takes its place.
  await welcomeBob({ says: mailboxOf(others), epochs: 12 });
  expect((await roomsOfBob()).find(({ id }) => id === others)).toMatchObject({ name: 'Without bob' });
});

it('attack 16 foreign Welcome: nobody but an admin of the room brings bob back into it', async () => {
  const [alice, bob] = hub.honest;
  await alice.remove(room, 'bob');
  const out = await roomsOfBob();
  expect(out.find(({ id }) => id === room)).toMatchObject({ active: false });
  await welcomeBob({ says: mailboxOf(room), epochs: 12 });
  expect(await roomsOfBob()).toEqual(out);

  await alice.add(room, 'bob');
  await bob.session.catchUp();
  await worksOn(hub.honest, room);
});

it('attack 16 foreign Welcome: nobody but carol herself has her taken out and added again, though her key packages are there for everybody', async () => {
  const [alice, , carol] = hub.honest;
  // Alice's device would do it: her log is the true one, so that what she says of places in it holds for carol too.
  const asks = async (person: TestPerson) => askFor(hub, { of: atAlice, for: atCarol, room, signer: await signerOf(person) });
  const told = async (what: string) => (await alice.events(room)).filter((one) => one === what).length;
  const [made, added] = [atAlice.made.length, await told('added')];
  await asks(hub.mallory);
  await until(async () => (await alice.session.catchUp(), atAlice.made.length >= made + 2), 'alice to have opened it, and made new key packages');
  await worksOn(hub.honest, room);
  expect(await told('removed')).toBe(0);
  // It was nothing but her signature: with carol's own the same does it.
  await asks(carol);
  await until(async () => {
    for (const person of hub.honest) await person.session.catchUp();
    return (await told('added')) > added;
  }, 'carol to be added again');
  expect([await told('removed'), await told('added')]).toEqual([1, added + 1]);
  await until(async () => (await carol.session.catchUp(), (await carol.session.rooms()).find(({ id }) => id === room)?.active === true), 'carol to be back in');
  await worksOn(hub.honest, room);
});

it.each([['nowhere', 0n], ['at the drop or after it', 100_000n], ['beyond what can be counted', 2n ** 60n]])(
  'attack 16 foreign Welcome: one whose commit is said to stand %s is refused, and bob reads on', async (_where, commitSeq) => {
    const before = await roomsOfBob();
    await welcomeBob({ says: freshMailbox(), commitSeq });
    await hub.honest[0].say(room, 'do you read me?');
    expect((await hub.honest[1].texts(room)).at(-1)).toBe('do you read me?');
    expect(await roomsOfBob()).toEqual(before);
  });
