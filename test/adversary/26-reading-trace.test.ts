/** A relay that writes down every read cannot tell from it who is in which room. */
import { afterEach, expect, it } from 'vitest';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { ReadingTrace } from '../harness/reading-trace.ts';
import { type LocalRelay, startTestRelay } from '../harness/relay.ts';

let relay: LocalRelay;
let people: TestPerson[] = [];
afterEach(async () => {
  await Promise.all(people.map((person) => person.session.lock()));
  people = [];
  await relay.stop();
});

/** Alice watches over nobody; the others are read along with. */
async function hubOf(names: readonly string[], options: { shards?: number; live?: boolean } = {}): Promise<{ alice: TestPerson; watched: TestPerson[]; traces: ReadingTrace[] }> {
  relay = await startTestRelay({ shards: options.shards ?? 1 });
  const alice = await foundHub(relay.foundingLink as string, 'alice');
  const traces = names.map(() => new ReadingTrace());
  people = [alice];
  const watched: TestPerson[] = [];
  for (const [index, name] of names.entries()) {
    watched.push(await welcome(alice, name, { relayAt: (traces[index] as ReadingTrace).relayAt, live: options.live ?? false }));
    people.push(watched.at(-1) as TestPerson);
  }
  return { alice, watched, traces };
}

const forget = (traces: readonly ReadingTrace[]): void => traces.forEach((trace) => { trace.lines = []; });

it('attack 26 reading trace: on one shard, two members of different rooms and one of none read the same to the byte', async () => {
  const { alice, watched, traces } = await hubOf(['bob', 'carol', 'dave']);
  const [bob, carol, dave] = watched as [TestPerson, TestPerson, TestPerson];
  const readAll = async () => { for (const person of watched) await person.session.catchUp(); };
  await readAll();
  forget(traces);
  const rooms = [await alice.session.createRoom('Stairwell B'), await alice.session.createRoom('Night bus')] as const;
  await alice.add(rooms[0], 'bob');
  await readAll();
  await alice.add(rooms[1], 'carol');
  await readAll();
  for (let n = 0; n < 3; n += 1) {
    await bob.say(rooms[0], `words ${n}`);
    await carol.say(rooms[1], 'x'.repeat(3000));
    await readAll();
  }
  // A day without a connection, over the edge of a page, and a reload.
  for (const person of watched) await person.session.close();
  await Promise.all(Array.from({ length: 130 }, (_, n) => alice.say(rooms[n % 2 as 0 | 1], `while they slept ${n}`)));
  await alice.session.renewKeys(rooms[0]);
  for (const person of watched) await person.restart();
  await readAll();
  expect(await bob.texts(rooms[0])).toHaveLength(68);
  expect(await carol.texts(rooms[1])).toHaveLength(68);
  expect(await dave.session.rooms()).toEqual([]);
  await dave.session.catchUp();
  const [ofBob, ofCarol, ofDave] = traces.map(({ lines }) => lines.join('\n'));
  expect(ofBob?.split('\n').length).toBeGreaterThan(8);
  expect(ofCarol).toBe(ofBob);
  expect(ofDave).toBe(ofBob);
}, 180_000);

it('attack 26 reading trace: with a tail as well, after a reload', async () => {
  const { alice, watched, traces } = await hubOf(['bob', 'carol', 'dave'], { live: true });
  const rooms = [await alice.session.createRoom('Stairwell B'), await alice.session.createRoom('Night bus')] as const;
  await alice.add(rooms[0], 'bob');
  await alice.add(rooms[1], 'carol');
  for (const person of watched.slice(0, 2)) await until(async () => (await person.session.rooms()).length === 1, `${person.name} to come in`);
  for (const person of watched) await person.session.close();
  await alice.say(rooms[0], 'good morning');
  forget(traces);
  for (const person of watched) {
    await person.restart();
    await until(async () => (await person.session.overview()).connection === 'online', `${person.name} to be online`);
  }
  const before = traces.map(({ lines }) => lines.join('\n'));
  expect(before[0]).toContain('tail open 0');
  expect(new Set(before).size).toBe(1);
  await watched[0]?.say(rooms[0], 'and to you');
  await until(async () => (await alice.texts(rooms[0])).length === 2, 'alice to read it');
  expect(traces.map(({ lines }) => lines.join('\n')), 'writing and being written to reads nothing').toEqual(before);
}, 120_000);

it('attack 26 reading trace: a relay that says it has 32 shards, and then 64 others, is read whole by everybody alike', async () => {
  const { alice, watched, traces } = await hubOf(['bob', 'carol'], { shards: 32 });
  const room = await alice.session.createRoom('Stairwell B');
  await alice.add(room, 'bob');
  for (const [first, count] of [[0, 32], [32, 64]] as const) {
    if (first > 0) await relay.changeShards(64);
    await alice.say(room, `words ${first}`);
    // Twice: what a Welcome asks for is read behind it, and a generation that ends is read to its end.
    for (const person of [...watched, ...watched]) await person.session.catchUp();
    forget(traces);
    for (const person of watched) await person.session.catchUp();
    const [ofBob, ofCarol] = traces.map(({ lines }) => lines.join('\n'));
    expect(traces[0]?.shards.filter((shard) => shard >= first)).toEqual(Array.from({ length: count }, (_, index) => first + index));
    expect(ofCarol).toBe(ofBob);
  }
  expect(await watched[0]?.texts(room)).toEqual(['words 0', 'words 32']);
}, 120_000);
