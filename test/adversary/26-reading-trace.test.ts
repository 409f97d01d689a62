/** A relay that writes down every read cannot tell from it who is in which room. */
import { afterEach, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { mailboxId, shardOf, type MailboxId } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { fromHex } from '#shared/sodium.ts';
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

const mailboxOf = (room: RoomId): MailboxId => mailboxId(fromHex(room) as Uint8Array) as MailboxId;
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

it('attack 26 reading trace: on sixteen shards everybody reads as many, decoys among them, in one order, and a restart or another room changes nothing', async () => {
  const { alice, watched, traces } = await hubOf(['bob', 'carol', 'dave'], { shards: 16 });
  const [bob] = watched as [TestPerson];
  const [ofBob] = traces as [ReadingTrace];
  for (const person of watched) await person.session.catchUp();
  const rooms = [await alice.session.createRoom('Stairwell B'), await alice.session.createRoom('Night bus')] as const;
  await alice.add(rooms[0], 'bob');
  await alice.add(rooms[1], 'carol');
  const setsOf = async (): Promise<number[][]> => {
    // Twice: what a Welcome asks for is read behind it.
    for (const person of [...watched, ...watched]) await person.session.catchUp();
    forget(traces);
    for (const person of watched) await person.session.catchUp();
    return traces.map(({ shards }) => shards);
  };
  const sets = await setsOf();
  for (const set of sets) expect(set, 'the order of the numbers, whatever is needed').toEqual([...set].sort((a, b) => a - b));
  // Dave, who is in no room, may read fewer only where a room fell outside what its member read: a whole step.
  const needed = new Set([DROP_MAILBOX, mailboxOf(rooms[0])].map((mailbox) => shardOf(mailbox, 16) as number));
  expect(sets[0]?.filter((shard) => !needed.has(shard)).length, 'decoys').toBeGreaterThanOrEqual(3);
  const common = (sets[0] as number[]).filter((shard) => sets[1]?.includes(shard) && sets[2]?.includes(shard));
  expect(common).toContain(shardOf(DROP_MAILBOX, 16));
  const steps = sets.map((set) => set.length);
  expect(steps.every((step) => [5, 6, 9, 10].includes(step)), `${steps.join()} shards`).toBe(true);
  expect(steps[2], 'somebody in no room reads as many as somebody in one that was among them').toBe(Math.min(...steps));

  for (const person of watched) await person.restart();
  expect(await setsOf()).toEqual(sets);

  // Another room: in a shard that bob reads anyway.
  const set = sets[0] as number[];
  const roomWhere = async (fits: (shard: number) => boolean): Promise<RoomId> => {
    for (let n = 0; ; n += 1) {
      const room = await alice.session.createRoom(`Room ${n}`);
      if (fits(shardOf(mailboxOf(room), 16))) return room;
    }
  };
  const inside = await roomWhere((shard) => set.includes(shard));
  await alice.add(inside, 'bob');
  await alice.say(inside, 'in here too');
  expect((await setsOf())[0]).toEqual(set);
  expect(await bob.texts(inside)).toEqual(['in here too']);
  expect(ofBob.shards).toEqual(set);
}, 180_000);

it('attack 26 reading trace: a room in a shard that was not read brings decoys along, and they are read alike', async () => {
  const { alice, watched, traces } = await hubOf(['bob'], { shards: 64 });
  const [bob] = watched as [TestPerson];
  const [trace] = traces as [ReadingTrace];
  await bob.session.catchUp();
  const before = trace.shards;
  // Alice reads other shards than bob: sooner or later one of her rooms lies where he does not read.
  let room: RoomId;
  do room = await alice.session.createRoom('Elsewhere'); while (before.includes(shardOf(mailboxOf(room), 64)));
  trace.lines = [];
  await alice.add(room, 'bob');
  await alice.say(room, 'found you');
  await bob.session.catchUp();
  await until(async () => (await bob.texts(room)).length === 1, 'bob to read the room');
  const fresh = trace.shards.filter((shard) => !before.includes(shard)).sort((a, b) => a - b);
  expect(fresh).toContain(shardOf(mailboxOf(room), 64));
  expect(fresh.length, 'one needed, three decoys').toBe(4);
  const pages = fresh.map((shard) => trace.pagesOf(shard).join());
  expect(new Set(pages).size, `the same pages of each: ${pages.join(' | ')}`).toBe(1);
}, 120_000);
