/** Where the stewards let devices read fewer shards: what is read is hidden among what is not needed, in every generation alike. */
import { afterEach, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { mailboxId, shardOf, type MailboxId } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { fromHex } from '#shared/sodium.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { ReadingTrace } from '../harness/reading-trace.ts';
import { type LocalRelay, startTestRelay } from '../harness/relay.ts';

const COUNT = 64;
let relay: LocalRelay;
let people: TestPerson[] = [];
afterEach(async () => {
  await Promise.all(people.map((person) => person.session.lock()));
  people = [];
  await relay.stop();
});

const shardOfRoom = (room: RoomId): number => shardOf(mailboxId(fromHex(room) as Uint8Array) as MailboxId, COUNT);

it('attack 26 reading trace: with most-shards raised, sets are as large, hold decoys, and are the same after a restart, and tell no more in the next generation', async () => {
  relay = await startTestRelay();
  const alice = await foundHub(relay.foundingLink as string, 'alice');
  await alice.session.setMostShards(COUNT);
  const traces = ['bob', 'carol', 'dave'].map(() => new ReadingTrace());
  const watched: TestPerson[] = [];
  people = [alice];
  for (const [index, name] of ['bob', 'carol', 'dave'].entries()) {
    watched.push(await welcome(alice, name, { relayAt: (traces[index] as ReadingTrace).relayAt, live: false }));
    people.push(watched.at(-1) as TestPerson);
  }
  const [bob, carol] = watched as [TestPerson, TestPerson];
  const room = await alice.session.createRoom('Stairwell B');
  await alice.add(room, 'bob');
  const setsOf = async (): Promise<number[][]> => {
    for (const person of [...people, ...people]) await person.session.catchUp();
    traces.forEach((trace) => { trace.lines = []; });
    for (const person of watched) await person.session.catchUp();
    return traces.map(({ shards }) => shards);
  };
  await setsOf();
  await relay.changeShards(COUNT);
  const sets = await setsOf();
  for (const set of sets) expect([16, 32], 'a power of two; a room that came later may have doubled it').toContain(set.length);
  for (const set of sets) expect(set).toEqual([...set].sort((a, b) => a - b));
  for (const set of sets) expect(set).toContain(1 + shardOf(DROP_MAILBOX, COUNT));
  expect(sets[0]).toContain(1 + shardOfRoom(room));

  for (const person of watched) await person.restart();
  expect(await setsOf()).toEqual(sets);
  // A room that lies where carol does not read: decoys come along, and are read alike.
  const before = traces[1]?.shards.map((shard) => shard - 1) as number[];
  let elsewhere: RoomId;
  do elsewhere = await alice.session.createRoom('Elsewhere'); while (before.includes(shardOfRoom(elsewhere)));
  const trace = traces[1] as ReadingTrace;
  trace.lines = [];
  await alice.add(elsewhere, 'carol');
  await alice.say(elsewhere, 'found you');
  await carol.session.catchUp();
  await until(async () => (await carol.texts(elsewhere)).length === 1, 'carol to read the room');
  const fresh = trace.shards.filter((shard) => !before.includes(shard - 1));
  expect(fresh).toContain(1 + shardOfRoom(elsewhere));
  expect(fresh.length, 'one needed, and decoys').toBe(before.length);
  const pages = fresh.map((shard) => trace.pagesOf(shard).join());
  expect(new Set(pages).size, `the same pages of each: ${pages.join(' | ')}`).toBe(1);

  const widest = await setsOf();
  await relay.changeShards(COUNT / 2);
  const halved = widest.map((set) => [...new Set(set.map((shard) => 1 + COUNT + ((shard - 1) >> 1)))]);
  expect(await setsOf(), 'fewer shards show what more did').toEqual(halved);
  await alice.say(room, 'in here too');
  await bob.session.catchUp();
  expect(await bob.texts(room)).toEqual(['in here too']);
}, 240_000);
