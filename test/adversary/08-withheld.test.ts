/** Mallory, who runs the relay, keeps a post of alice's from bob. He learns it from her next one, and gets it after all. */
import { afterEach, expect, it } from 'vitest';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { eventsOf, type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import { type LyingRelay, lyingRelay } from '../harness/mallory-relay.ts';
import { linkDevice } from '../harness/linking.ts';
import { alarmsOf } from '../harness/alarms.ts';
import { PASSPHRASE, type TestPerson, until } from '../harness/people.ts';

let hub: Hub;
let lies: LyingRelay;
let people: TestPerson[];
let room: RoomId;
afterEach(() => hub.end());

async function bobLiedTo(): Promise<void> {
  lies = lyingRelay();
  hub = await hubOf(['alice', 'bob', 'carol'], { bob: { relayAt: lies.relayAt } });
  people = [...hub.people];
  room = await roomOf(people);
  await worksOn(people, room);
}

/** Bob is never shown what stands there. */
const without = (...seqs: readonly number[]) => (log: readonly LogRecord[]): LogRecord[] =>
  log.filter(({ seq }) => !seqs.includes(seq)).map((record, index) => ({ ...record, seq: (index + 1) as LogRecord['seq'] }));

it('attack 08 drop, withhold: a post that was kept back is noticed at the next, asked for, and comes once to everybody', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  const withheld = await alice.say(room, 'they come at six, not at eight');
  lies.forgery = without(withheld);
  await bob.session.catchUp();
  expect(await eventsOf(bob, room, 'missing'), 'nothing says so yet').toEqual([]);
  await alice.session.catchUp();
  await alice.say(room, 'be there');

  const texts = async (person: TestPerson) => (await person.texts(room)).slice(3);
  expect(await texts(bob)).toEqual(['be there']);
  const [event] = (await bob.timeline(room)).filter((item) => item.kind === 'event' && item.event.what === 'missing');
  expect(event).toMatchObject({ event: { what: 'missing', by: { name: 'alice' }, count: 1, expired: false } });
  expect(await alarmsOf(bob), 'and that the hub did it').toEqual(['forked by alice']);

  await bob.session.askAgain(room, event?.seq as number);
  expect(await bob.session.missing(room)).toMatchObject([{ seq: event?.seq, count: 1, asked: true, gone: false }]);
  await until(async () => {
    for (const person of people) await person.session.catchUp();
    return (await bob.session.missing(room))[0]?.count === 0;
  }, 'alice to send it again');
  expect(await texts(bob)).toEqual(['be there', 'they come at six, not at eight']);
  for (const person of [alice, carol]) expect(await texts(person), `${person.name} reads nothing twice`).toEqual(['they come at six, not at eight', 'be there']);
  expect(await eventsOf(carol, room, 'missing')).toEqual([]);
  await bob.restart();
  expect((await bob.session.missing(room)).map(({ count }) => count), 'after a restart').toEqual([0]);
}, 120_000);

it('attack 08 drop, withhold: what its sender deleted meanwhile, or does not have any more, is said to be gone', async () => {
  await bobLiedTo();
  const [alice, bob] = people as [TestPerson, TestPerson];
  const withheld = [await alice.say(room, 'a'), await alice.say(room, 'b')];
  lies.forgery = without(...withheld);
  await alice.say(room, 'c');
  await bob.session.catchUp();
  const [gap] = await bob.session.missing(room);
  expect(gap).toMatchObject({ count: 2, asked: false });
  // Her device has forgotten what it sent when.
  await alice.session.catchUp();
  await alice.session.close();
  const vault = await alice.home.open(PASSPHRASE);
  await vault.write([{ deleteScope: { collection: 'messages', scope: room } }]);
  await vault.close();
  await alice.restart();
  await bob.session.askAgain(room, gap?.seq as number);
  await until(async () => {
    for (const person of people) await person.session.catchUp();
    return (await bob.session.missing(room))[0]?.gone === true;
  }, 'alice to say that it is gone');
}, 120_000);

it('attack 08 drop, withhold: of many that were kept back all are counted; those that can be named come again, from another device of their sender if theirs is away', async () => {
  await bobLiedTo();
  const [alice, bob] = people as [TestPerson, TestPerson];
  const tablet = await linkDevice(alice, 'tablet');
  await bob.session.catchUp();
  const withheld: number[] = [];
  const ids: string[] = [];
  for (let nth = 1; nth <= 70; nth += 1) ids.push(await alice.session.send(room, `line ${nth}`));
  for (const id of ids) withheld.push((await alice.session.delivered(room, id)).seq);
  lies.forgery = without(...withheld);
  await alice.say(room, 'that was all');
  await tablet.session.catchUp();
  await alice.session.close();
  await bob.session.catchUp();
  const [gap] = await bob.session.missing(room);
  expect(gap).toMatchObject({ count: 70, asked: false });
  expect((await eventsOf(bob, room, 'missing'))[0]).toMatchObject({ count: 70 });
  await bob.session.askAgain(room, gap?.seq as number);
  await until(async () => {
    await Promise.all([tablet.session.catchUp(), bob.session.catchUp()]);
    return (await bob.session.missing(room))[0]?.count === 6;
  }, 'the tablet to send again what can be named');
  expect((await bob.texts(room)).filter((text) => text.startsWith('line ')), 'the last 64').toEqual(Array.from({ length: 64 }, (_, index) => `line ${index + 7}`));
  expect((await bob.timeline(room)).flatMap((item) => (item.kind === 'message' && item.text === 'line 7' ? [item.sender.name] : []))).toEqual(['alice']);
  await tablet.session.close();
}, 120_000);

it('attack 08 drop, withhold: nobody is told of anything where nothing is missing', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  // Changes between messages, races for a slot, restarts, people who come and go.
  await Promise.all([alice.say(room, 'one'), carol.session.renewKeys(room), bob.say(room, 'two'), alice.say(room, 'three'), bob.session.renewKeys(room)]);
  await bob.restart();
  await Promise.all([alice.say(room, 'four'), bob.say(room, 'five'), carol.session.renewKeys(room), carol.say(room, 'six')]);
  await alice.remove(room, 'carol');
  await Promise.all([alice.say(room, 'seven'), bob.say(room, 'eight')]);
  await alice.add(room, 'carol');
  await carol.session.catchUp();
  await worksOn(people, room);
  for (const person of people) {
    expect(await eventsOf(person, room, 'missing'), person.name).toEqual([]);
    expect(await alarmsOf(person), person.name).toEqual([]);
  }
}, 120_000);
