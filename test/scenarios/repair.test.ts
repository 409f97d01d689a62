/** A device that cannot follow its room any more is added again at its own asking, and keeps what it had; a room that moves loses nothing. */
import { afterEach, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import { type LogRecord, type Relay, RelayUnreachable } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { hex, randomBytes } from '#shared/sodium.ts';
import { Line } from '../harness/line.ts';
import { broughtIn, linkDevice } from '../harness/linking.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { eventsOf, type Hub, hubOf, namesIn, roomOf, worksOn } from '../harness/hub-story.ts';
import { type LyingRelay, lyingRelay } from '../harness/mallory-relay.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';

let hub: Hub;
let lies: LyingRelay;
let people: TestPerson[];
let room: RoomId;
afterEach(() => hub.end());

const healthOf = async (person: TestPerson): Promise<string | undefined> => (await person.session.rooms()).find(({ id }) => id === room)?.health.is;

async function bobLiedTo(): Promise<void> {
  lies = lyingRelay();
  hub = await hubOf(['alice', 'bob', 'carol'], { bob: { relayAt: lies.relayAt } });
  people = [...hub.people];
  room = await roomOf(people);
  await worksOn(people, room);
}

it('a change of the keys was kept from bob for ever: he is told, asks, and an admin’s device adds him again by itself', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  const had = await bob.texts(room);
  await bob.session.catchUp();
  const head = lies.log.length;
  await carol.session.renewKeys(room);
  // In place of the record that changed the keys, the next one there, he is shown one of a room that he is not in.
  const stranger = randomBytes(16) as LogRecord['mailbox'];
  lies.forgery = (log) => log.map((record) => (record.seq === head + 1 ? { ...record, mailbox: stranger } : record));
  await alice.session.catchUp();
  await alice.say(room, 'under the new keys');
  await bob.session.catchUp();
  expect(await healthOf(bob)).toBe('out-of-step');
  await bob.restart();
  expect(await healthOf(bob), 'after a restart').toBe('out-of-step');
  const waits = await bob.session.send(room, 'written meanwhile');

  await bob.session.askToBeAdded(room);
  expect((await bob.session.rooms()).find(({ id }) => id === room)?.health).toMatchObject({ is: 'out-of-step', asked: true });
  await until(async () => {
    for (const person of people) await person.session.catchUp();
    return (await eventsOf(bob, room, 'rejoined')).length > 0;
  }, 'bob to be added again');
  await bob.session.delivered(room, waits);
  expect(await healthOf(bob)).toBe('fine');
  expect((await bob.texts(room)).slice(0, had.length), 'what he had').toEqual(had);
  expect((await eventsOf(bob, room, 'rejoined'))[0]?.by.name).toBe('alice');
  for (const person of people) {
    await until(async () => (await person.texts(room)).includes('written meanwhile'), `${person.name} to read what waited`);
    expect((await person.texts(room)).filter((text) => text === 'written meanwhile')).toHaveLength(1);
    expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol']);
    expect((await person.session.rooms()).map(({ id }) => id)).toEqual([room]);
  }
  await worksOn(people, room);
}, 90_000);

it('nobody is added by asking who is not in the room any more', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  const head = lies.log.length;
  const stranger = randomBytes(16) as LogRecord['mailbox'];
  lies.forgery = (log) => log.map((record) => (record.seq === head + 1 ? { ...record, mailbox: stranger } : record));
  await alice.remove(room, 'bob');
  await carol.session.catchUp();
  // The relay, which is with him, has not told his device: it asks.
  await bob.session.askToBeAdded(room);
  await bob.session.close();
  for (const person of [alice, carol, alice]) await person.session.catchUp();
  await worksOn([alice, carol], room);
  expect((await namesIn(alice, room)).sort()).toEqual(['alice', 'carol']);
  expect(await eventsOf(alice, room, 'added'), 'nobody since').toHaveLength(2);
}, 120_000);

it('a room that works is closed before it moves: what somebody writes who has not heard of it waits, and everybody reads it, on every device', async () => {
  hub = await hubOf(['alice', 'bob', 'carol'], { alice: { live: true, home: memoryVaultHome() } });
  people = [...hub.people];
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  room = await roomOf(people);
  const tablet = await linkDevice(alice, 'tablet');
  await worksOn(people, room);

  await alice.session.replant(room);
  await bob.session.send(room, 'has anybody seen the ladder?');
  for (const person of [...people, tablet]) {
    await until(async () => {
      for (const each of [...people, tablet]) await each.session.catchUp();
      return (await person.texts(room)).at(-1) === 'has anybody seen the ladder?';
    }, `${person.name} to read it`);
    expect((await person.session.rooms()).find(({ id }) => id === room)?.health.is).toBe('fine');
    expect(await eventsOf(person, room, 'replanted')).toHaveLength(1);
  }
  await worksOn(people, room);
  await tablet.session.close();
}, 60_000);

it('two admins who move a room at once move it once: whoever did not come first leaves it to the other', async () => {
  const opened = new Set<string>();
  let release: () => void = () => undefined;
  // Alice has closed the room, and is slow with the rest.
  let slow = Promise.resolve();
  const relayAt = (origin: string): Relay => {
    const relay = createRelay(origin, { anonymousFetch: loneFetch });
    return { ...relay, openMailbox: async (request) => {
      opened.add(hex(request.mailbox));
      await slow;
      return relay.openMailbox(request);
    } };
  };
  hub = await hubOf(['alice', 'bob', 'carol'], { alice: { live: true, relayAt }, bob: { live: true, relayAt }, carol: { live: true } });
  const people = hub.people as [TestPerson, TestPerson, TestPerson];
  const [alice, bob] = people;
  room = await roomOf(people);
  await alice.session.setAdmin(room, (await bob.session.overview()).me?.id as string, true);
  await until(async () => (await bob.session.rooms())[0]?.admin === true, 'bob to be an admin');

  opened.clear();
  slow = new Promise((resolve) => { release = resolve; });
  const moved = alice.session.replant(room);
  await until(async () => opened.size === 1, 'alice to have begun');
  const also = bob.session.replant(room);
  // Without waiting for her: it has nothing left to do.
  await Promise.race([also, new Promise((resolve) => setTimeout(resolve, 3_000))]);
  release();
  await Promise.all([moved, also]);
  for (const person of people) await until(async () => (await eventsOf(person, room, 'replanted')).length === 1 && (await person.session.rooms())[0]?.health.is === 'fine', `${person.name} to have moved`, 40_000);
  expect(opened.size, 'mailboxes that were opened').toBe(1);
  await worksOn(people, room);
}, 90_000);

it('a device that was linked just before a room moved has it under the name that its person’s other device knows it by', async () => {
  const line = new Line();
  hub = await hubOf(['alice', 'bob'], { alice: { live: true }, bob: { live: true, relayAt: line.relayAt, home: memoryVaultHome() } });
  const [alice, bob] = hub.people as [TestPerson, TestPerson];
  room = await roomOf([alice, bob]);

  const tablet = await TestPerson.arrive('bob', { home: memoryVaultHome(), live: true });
  const { link } = await bob.session.linkDevice();
  const { phrase } = await tablet.session.joinAsDevice(link, { deviceName: 'tablet', passphrase: PASSPHRASE });
  const request = await bob.session.linkRequest();
  await bob.session.confirmLink(request?.id as string, phrase.join(' '));
  line.cut();
  await until(async () => (await tablet.session.overview()).stage === 'open', 'the tablet to be let in');
  for (let times = 1; times <= 2; times += 1) {
    await alice.session.replant(room);
    await until(async () => (await eventsOf(alice, room, 'replanted')).length === times, 'the room to have moved', 30_000);
  }
  line.mend();
  await broughtIn(bob, tablet);
  expect((await tablet.session.rooms()).map(({ id }) => id)).toEqual([room]);
  await tablet.session.close();
}, 60_000);

it('so has one that came in with the move itself, before its person’s own Welcome came', async () => {
  const drops = { held: false, sent: 0 };
  const relayAt = (origin: string): Relay => {
    const relay = createRelay(origin, { anonymousFetch: loneFetch });
    return { ...relay, post: async (request) => {
      if (drops.held && request.kind === 'drop') throw new RelayUnreachable();
      const place = await relay.post(request);
      if (request.kind === 'drop') drops.sent += 1;
      return place;
    } };
  };
  hub = await hubOf(['alice', 'bob'], { alice: { live: true }, bob: { live: true, relayAt, home: memoryVaultHome() } });
  const [alice, bob] = hub.people as [TestPerson, TestPerson];
  room = await roomOf([alice, bob]);
  await alice.session.replant(room);
  await until(async () => (await alice.session.rooms())[0]?.health.is === 'fine' && (await eventsOf(bob, room, 'replanted')).length === 1, 'a first move');

  drops.held = true;
  const tablet = await TestPerson.arrive('bob', { home: memoryVaultHome(), live: true });
  const { link } = await bob.session.linkDevice();
  const { phrase } = await tablet.session.joinAsDevice(link, { deviceName: 'tablet', passphrase: PASSPHRASE });
  const request = await bob.session.linkRequest();
  await bob.session.confirmLink(request?.id as string, phrase.join(' '));
  await until(async () => (await eventsOf(alice, room, 'new-device')).length + (await eventsOf(alice, room, 'device-added')).length > 0, 'the tablet to be in the room and not know it');
  // Behind the card that names the tablet.
  await bob.session.send(room, 'I have a tablet');
  await until(async () => (await alice.texts(room)).includes('I have a tablet'), 'alice to know of it');
  await alice.session.replant(room);
  await until(async () => (await tablet.session.rooms()).some(({ active }) => active), 'the tablet to come in', 40_000);
  Object.assign(drops, { held: false, sent: 0 });
  await bob.session.nudge();
  await broughtIn(bob, tablet);
  await until(async () => drops.sent >= 2, 'bob’s Welcomes to have come, into the room as it was and that of his own devices');
  await tablet.session.catchUp();
  expect((await tablet.session.rooms()).map(({ id }) => id)).toEqual([room]);
  await worksOn([alice, bob], room);
  await tablet.session.close();
}, 90_000);

it('who was removed before a room moved, twice, and is let in again afterwards has the same room, and reads that they are back', async () => {
  hub = await hubOf(['alice', 'bob'], { bob: { home: memoryVaultHome() } });
  const [alice, bob] = hub.people as [TestPerson, TestPerson];
  room = await roomOf([alice, bob]);
  const member = (await bob.session.overview()).me?.id as string;
  await alice.session.removeMember(room, member);
  await bob.session.catchUp();
  const tablet = await linkDevice(bob, 'tablet');
  // Twice: what it was called in between bob never heard.
  for (let times = 1; times <= 2; times += 1) {
    await alice.session.replant(room);
    await until(async () => (await alice.session.catchUp(), (await eventsOf(alice, room, 'replanted')).length === times && (await alice.session.rooms())[0]?.health.is === 'fine'), 'the room to have moved', 30_000);
  }
  await alice.session.addMember(room, member);
  await bob.session.catchUp();
  const events = (await bob.timeline(room)).flatMap((item) => (item.kind === 'event' ? [item.event.what] : []));
  expect(events.slice(events.indexOf('removed-me'))).toEqual(['removed-me', 'replanted', 'joined']);
  // The tablet that was linked meanwhile calls it the same.
  await broughtIn(bob, tablet);
  expect((await tablet.session.rooms()).map(({ id, active }) => [id, active])).toEqual([[room, true]]);
  await worksOn([alice, bob], room);
  await tablet.session.close();
}, 60_000);
