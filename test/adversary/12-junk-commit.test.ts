/** Mallory, a member, posts something in place of a change of the room: from then on only she can write there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId, RoomSummary } from '#core/session/api.ts';
import { fromHex, randomBytes } from '#shared/sodium.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';
import { eventsOf, namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { type TestPerson, until } from '../harness/people.ts';

const COMMIT_BYTES = 16_384;

const lies = lyingRelay();
let hub: HostileHub;
beforeAll(async () => {
  hub = await hostileHub({ bob: { relayAt: lies.relayAt } });
}, 240_000);
afterAll(() => hub.end());

const summaryOf = async (person: TestPerson, room: RoomId): Promise<RoomSummary> => (await person.session.rooms()).find(({ id }) => id === room) as RoomSummary;
const healthOf = async (person: TestPerson, room: RoomId): Promise<string> => (await summaryOf(person, room)).health.is;

it('attack 12 junk commit: one that is known to be hers leaves her behind, by itself; the others keep all they had', async () => {
  const room = await hub.freshRoom();
  await worksOn(hub.people, room);
  const before = await hub.honest[0].texts(room);
  const victim = hub.mls.roomIn(room).leaves.findIndex((leaf) => leaf.index === 0);
  await hub.forger.commit(room, (await hub.mls.remove(hub.mls.roomIn(room), [victim])).body);
  for (const person of hub.honest) await person.session.catchUp();
  await toldByAll(hub, room, 'not-admin');
  await replanted(hub.honest, room);
  await worksOn(hub.honest, room);
  for (const person of hub.honest) {
    expect((await person.texts(room)).slice(0, before.length)).toEqual(before);
    expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol']);
    expect(await healthOf(person, room)).toBe('fine');
  }
}, 120_000);

it('attack 12 junk commit: of noise nobody can be named; everybody is told, an admin moves the room, and what waited is sent', async () => {
  const room = await hub.freshRoom();
  const [alice, bob, carol] = hub.honest;
  await worksOn(hub.people, room);
  await hub.forger.commit(room, randomBytes(COMMIT_BYTES));
  for (const person of hub.honest) {
    await person.session.catchUp();
    expect(await healthOf(person, room), person.name).toBe('stuck');
  }
  await bob.restart();
  expect(await healthOf(bob, room), 'after a restart').toBe('stuck');
  const waits = await bob.session.send(room, 'written while nothing could leave');
  await expect(bob.session.replant(room)).rejects.toMatchObject({ code: 'not-allowed' });

  await alice.session.replant(room);
  await replanted([...hub.honest, hub.mallory], room);
  await bob.session.delivered(room, waits);
  await worksOn([alice, bob, carol, hub.mallory], room);
  for (const person of hub.honest) {
    expect((await person.texts(room)).filter((text) => text === 'written while nothing could leave'), person.name).toHaveLength(1);
    expect(await healthOf(person, room)).toBe('fine');
  }
}, 120_000);

it('attack 12 junk commit: whoever is suspected can be left behind', async () => {
  const room = await hub.freshRoom();
  const [alice] = hub.honest;
  await hub.forger.commit(room, randomBytes(COMMIT_BYTES));
  await alice.session.catchUp();
  await alice.session.replant(room, { without: (await alice.seen('mallory')).id });
  await replanted(hub.honest, room);
  await worksOn(hub.honest, room);
  expect((await eventsOf(hub.honest[1], room, 'replanted'))[0]?.without.map(({ name }) => name)).toEqual(['mallory']);
  for (const person of hub.honest) expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol']);
}, 120_000);

it('attack 12 junk commit: two admins who move the room at once end in the same one', async () => {
  const room = await hub.freshRoom();
  const [alice, bob, carol] = hub.honest;
  await alice.session.setAdmin(room, (await alice.seen('bob')).id, true);
  await worksOn(hub.people, room);
  const before = await alice.texts(room);
  await hub.mallory.session.catchUp();
  await hub.forger.commit(room, randomBytes(COMMIT_BYTES));
  for (const person of hub.honest) await person.session.catchUp();
  await Promise.all([alice.session.replant(room), bob.session.replant(room)]);
  const words = hub.honest.map(({ name }) => `${name} is here`);
  for (const [at, person] of hub.honest.entries()) await person.session.send(room, words[at] as string);
  const heard = async (person: TestPerson) => (await person.texts(room)).slice(before.length).sort();
  for (const person of hub.honest) await until(async () => (await heard(person)).length >= words.length, `${person.name} to read everybody, in one room`);
  for (const person of hub.honest) expect(await heard(person), `${person.name} reads each once`).toEqual(words);
  for (const person of hub.honest) {
    expect((await person.texts(room)).slice(0, before.length)).toEqual(before);
    expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol', 'mallory']);
    expect((await person.session.rooms()).filter(({ id }) => id === room), 'one room').toHaveLength(1);
  }
}, 90_000);

it('attack 12 junk commit: noise that the relay shows one member alone is known for that as soon as somebody speaks', async () => {
  const room = await hub.freshRoom();
  await worksOn(hub.people, room);
  const bob = hub.honest[1];
  lies.inject({ mailbox: fromHex(room) as LogRecord['mailbox'], kind: 'commit', slot: hub.mls.roomIn(room).epoch as LogRecord['slot'], body: randomBytes(COMMIT_BYTES) });
  await bob.session.catchUp();
  expect(await healthOf(bob, room)).toBe('stuck');
  await hub.honest[0].say(room, 'as ever');
  await bob.session.catchUp();
  expect(await healthOf(bob, room)).toBe('fine');
  await worksOn(hub.people, room);
}, 120_000);
