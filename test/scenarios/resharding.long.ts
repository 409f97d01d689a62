/** A hub under load gets four shards, then two: two relay processes on one database, readers online, away, and new. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { type LocalRelay, type TestRelay, startTestRelay } from '../harness/relay.ts';

let relay: LocalRelay;
let other: TestRelay;
const people: TestPerson[] = [];
beforeAll(async () => {
  relay = await startTestRelay();
  const alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
  other = await startTestRelay({ database: relay.database });
  people.push(alice);
}, 60_000);
afterAll(async () => {
  for (const person of people) await person.session.close();
  await other.stop();
  await relay.stop();
});

it('goes from one shard to four to two while everybody writes, and nobody loses, doubles or reorders a word', async () => {
  const [alice] = people as [TestPerson];
  const { createRelay } = await import('#core/relay/http.ts');
  // Bob and dave come through the other process.
  const throughOther = () => createRelay(other.origin);
  const bob = await welcome(alice, 'bob', { live: true, relayAt: throughOther });
  const carol = await welcome(alice, 'carol', { live: false });
  const dave = await welcome(alice, 'dave', { live: false, relayAt: throughOther });
  people.push(bob, carol, dave);
  const rooms: RoomId[] = [];
  for (let n = 0; n < 3; n += 1) {
    const room = await alice.session.createRoom(`Room ${n}`);
    for (const person of [bob, carol, dave]) await alice.add(room, person.name);
    rooms.push(room);
  }
  await until(async () => (await bob.session.rooms()).length === 3, 'bob to come in');
  for (const person of [carol, dave]) await person.session.catchUp();
  // Dave is away from before the first change until after the last.
  await dave.session.close();

  const written: string[][] = rooms.map(() => []);
  let writing = true;
  const writers = [alice, bob].map(async (person) => {
    for (let n = 1; writing; n += 1) {
      const index = n % rooms.length;
      const text = `${person.name} ${n}`;
      await person.say(rooms[index] as RoomId, text);
      written[index]?.push(text);
    }
  });
  writers.forEach((writer) => writer.catch(() => undefined));
  const grown = async (by: number, what: string) => {
    const before = written.flat().length;
    await until(() => written.flat().length >= before + by, `messages to flow ${what}`, 60_000);
  };
  await grown(4, 'on one shard');
  await relay.changeShards(4);
  await grown(4, 'on four shards');
  await alice.session.renewKeys(rooms[0] as RoomId);
  const erin = await welcome(alice, 'erin');
  people.push(erin);
  await alice.add(rooms[1] as RoomId, 'erin');
  await relay.changeShards(2);
  await grown(4, 'on two shards');
  writing = false;
  await Promise.all(writers);

  await dave.restart();
  for (const person of people) await person.session.catchUp();
  for (const [index, room] of rooms.entries()) {
    const order = await alice.texts(room);
    expect([...order].sort(), 'nothing lost, nothing doubled').toEqual([...(written[index] as string[])].sort());
    for (const person of [bob, carol, dave]) {
      await until(async () => (await person.texts(room)).length === order.length, `${person.name} to have read room ${index}`);
      expect(await person.texts(room), `what ${person.name} reads, in the order of the log`).toEqual(order);
    }
  }
  const ofErin = await erin.texts(rooms[1] as RoomId);
  expect(ofErin).toEqual((await alice.texts(rooms[1] as RoomId)).slice(-ofErin.length || Infinity));
  const { generations } = await createRelay(relay.origin).hello();
  expect(generations.map(({ first, count }) => [first, count])).toEqual([[0, 1], [1, 4], [5, 2]]);
  for (const person of people) expect((await person.session.overview()).alarms).toEqual([]);
}, 240_000);
