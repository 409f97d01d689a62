/**
 * The operator puts an older copy of the database in its place, after a mishap or on purpose. People are told once, in
 * plain words, and everybody can write again without doing anything.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { namesIn, replanted, roomOf, worksOn } from '../harness/hub-story.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { type LocalRelay, startTestRelay } from '../harness/relay.ts';

let relay: LocalRelay;
let people: TestPerson[] = [];
afterEach(async () => {
  await Promise.all(people.map((person) => person.session.lock()));
  people = [];
  await relay.stop();
});

async function hubOf(names: readonly string[], live = false): Promise<TestPerson[]> {
  relay = await startTestRelay();
  const [first = 'alice', ...others] = names;
  people = [await foundHub(relay.foundingLink as string, first, { live })];
  for (const name of others) people.push(await welcome(people[0] as TestPerson, name, { live }));
  return people;
}

/** The relay stops, its database becomes the copy, and it starts again. */
async function setBackTo(copy: Awaited<ReturnType<LocalRelay['database']['backup']>>): Promise<void> {
  await relay.stop();
  await relay.database.restore(copy);
  await relay.restart();
}

async function backup(): Promise<Awaited<ReturnType<LocalRelay['database']['backup']>>> {
  await relay.stop();
  const copy = await relay.database.backup();
  await relay.restart();
  return copy;
}

const alarmsOf = async (person: TestPerson): Promise<string[]> => (await person.session.overview()).alarms.map(({ what }) => what);
const wholeTexts = async (person: TestPerson, room: RoomId): Promise<string[]> => person.texts(room);

it('attack 34 rollback: messages after the backup are gone from the relay; people are told once and go on', async () => {
  const [alice, bob, carol] = (await hubOf(['alice', 'bob', 'carol'])) as [TestPerson, TestPerson, TestPerson];
  const room = await roomOf([alice, bob, carol]);
  await alice.say(room, 'kept');
  for (const person of people) await person.session.catchUp();
  const copy = await backup();
  await bob.say(room, 'lost at the relay');
  expect(await alice.texts(room)).toEqual(['kept', 'lost at the relay']);
  expect(await bob.texts(room)).toEqual(['kept', 'lost at the relay']);
  await setBackTo(copy);
  expect(relay.lines.filter((line) => line.includes('older copy')), 'the operator is told').toHaveLength(1);

  for (const person of people) await person.session.catchUp();
  // Carol read nothing that is gone.
  expect([await alarmsOf(alice), await alarmsOf(bob), await alarmsOf(carol)]).toEqual([['rolled-back'], ['rolled-back'], []]);
  await worksOn([alice, bob, carol], room);
  expect((await wholeTexts(alice, room)).slice(0, 2)).toEqual(['kept', 'lost at the relay']);
  expect([await alarmsOf(alice), await alarmsOf(bob), await alarmsOf(carol)], 'and of nothing else').toEqual([['rolled-back'], ['rolled-back'], []]);
  // What she never read is with whoever wrote it.
  const [missed] = await carol.session.missing(room);
  expect(missed).toMatchObject({ by: { name: 'bob' }, count: 1 });
  await carol.session.askAgain(room, missed?.seq as number);
  await until(async () => {
    await bob.session.catchUp();
    return (await carol.texts(room)).includes('lost at the relay');
  }, 'bob to send it again');
  for (const person of people) expect((await person.texts(room)).filter((text) => text === 'lost at the relay'), person.name).toHaveLength(1);
  await alice.restart();
  expect(await alarmsOf(alice), 'kept until it is understood').toEqual(['rolled-back']);
  await alice.session.dismissAlarm('rolled-back');
  await alice.restart();
  await alice.session.catchUp();
  expect(await alarmsOf(alice), 'and not told again').toEqual([]);
}, 120_000);

it('attack 34 rollback: keys changed after the backup; an admin replants the room, and everybody writes again', async () => {
  const [alice, bob, carol, dave] = (await hubOf(['alice', 'bob', 'carol', 'dave'])) as [TestPerson, TestPerson, TestPerson, TestPerson];
  const room = await roomOf([alice, bob, carol, dave]);
  await alice.say(room, 'kept');
  for (const person of people) await person.session.catchUp();
  const copy = await backup();
  // Dave is away during all of it.
  await dave.session.close();
  await alice.session.renewKeys(room);
  await bob.say(room, 'under the new keys');
  await carol.session.renewKeys(room);
  for (const person of [alice, bob, carol]) expect(await person.texts(room)).toEqual(['kept', 'under the new keys']);
  await setBackTo(copy);

  const present = [alice, bob, carol];
  for (const person of present) await person.session.catchUp();
  for (const person of present) expect(await alarmsOf(person)).toEqual(['rolled-back']);
  await replanted(present, room);
  await worksOn(present, room);
  for (const person of present) expect((await person.texts(room)).slice(0, 2), `what ${person.name} had`).toEqual(['kept', 'under the new keys']);
  await dave.restart();
  await replanted([dave], room);
  await worksOn([alice, bob, carol, dave], room);
  for (const person of people) expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol', 'dave']);
  expect((await dave.session.rooms()).map(({ id }) => id), 'no second room').toEqual([room]);
}, 120_000);

it('attack 34 rollback: a message the relay acknowledged and then lost is sent again, once', async () => {
  const [alice, bob] = (await hubOf(['alice', 'bob'])) as [TestPerson, TestPerson];
  const room = await roomOf([alice, bob]);
  await alice.say(room, 'kept');
  await bob.session.catchUp();
  const copy = await backup();
  await alice.say(room, 'read by bob before it was lost');
  expect(await bob.texts(room)).toEqual(['kept', 'read by bob before it was lost']);
  await setBackTo(copy);
  await alice.session.catchUp();
  await until(async () => (await relay.database.query<{ head: string }>('SELECT head FROM shards WHERE NOT closed AND head > base')).length > 0, 'alice to send it again');
  await worksOn([alice, bob], room);
  for (const person of [alice, bob]) expect((await person.texts(room)).filter((text) => text === 'read by bob before it was lost')).toHaveLength(1);
}, 120_000);

it('attack 34 rollback: devices that follow the log notice by themselves, also where the relay lost the file it would know by', async () => {
  const [alice, bob] = (await hubOf(['alice', 'bob'], true)) as [TestPerson, TestPerson];
  const room = await roomOf([alice, bob]);
  const copy = await backup();
  await alice.session.nudge();
  await alice.session.renewKeys(room);
  await alice.say(room, 'after the backup');
  await until(async () => (await bob.texts(room)).includes('after the backup'), 'bob to read it');
  await relay.stop();
  await relay.database.restore(copy);
  rmSync(join(relay.database.keys, 'heads'));
  await relay.restart();
  for (const person of people) {
    await person.session.nudge();
    await until(async () => (await alarmsOf(person)).includes('rolled-back'), `${person.name} to be told`, 60_000);
  }
  await replanted([alice, bob], room);
  await worksOn([alice, bob], room);
}, 180_000);

it('attack 34 rollback: mallory gives numbers out a second time and says nothing; devices notice, keep what they have and go on', async () => {
  const [alice, bob] = (await hubOf(['alice', 'bob'])) as [TestPerson, TestPerson];
  const room = await roomOf([alice, bob]);
  await alice.say(room, 'kept');
  await bob.session.catchUp();
  const copy = await backup();
  await bob.say(room, 'one');
  await bob.say(room, 'two');
  for (const person of people) expect(await person.texts(room)).toEqual(['kept', 'one', 'two']);
  await relay.stop();
  await relay.database.restore(copy);
  rmSync(join(relay.database.keys, 'heads'));
  await relay.database.query('UPDATE hub SET heads_filed = false');
  await relay.restart();
  for (const person of people) await person.session.catchUp();
  for (const person of people) expect(await alarmsOf(person)).toEqual(['rolled-back']);
  await worksOn([alice, bob], room);
  for (const person of people) expect((await person.texts(room)).slice(0, 3), 'nothing was written over').toEqual(['kept', 'one', 'two']);
}, 120_000);
