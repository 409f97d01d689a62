/** Fifty changes of one room, all at once, by everybody who may make them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hex } from '#shared/sodium.ts';
import { type Hub, hubOf, namesIn, roomOf, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { watchedMls } from '../harness/mallory-member.ts';
import type { TestPerson } from '../harness/people.ts';

const ADMINS = ['alice', 'bob', 'carol', 'dan', 'erin', 'farid'];
const LEAVING = ['ivo', 'june'];
const COMING = ['kit', 'lena'];
const devices = new Map([...ADMINS, ...COMING].map((name) => [name, watchedMls()]));
/** Only looked through here: it says what the log is. */
const log = lyingRelay();
let hub: Hub;
beforeAll(async () => {
  const options = Object.fromEntries([...devices].map(([name, mls]) => [name, { mls, ...(name === 'alice' && { relayAt: log.relayAt }) }]));
  hub = await hubOf([...ADMINS, ...LEAVING, ...COMING], options);
});
afterAll(() => hub.end());

it('attack 10 commit race: of 50 commits at once every slot has one winner, all converge, and nothing is lost', async () => {
  const named = (name: string): TestPerson => hub.people.find((person) => person.name === name) as TestPerson;
  const admins = ADMINS.map(named);
  const room = await roomOf([...admins, ...LEAVING.map(named)]);
  const [alice] = admins as [TestPerson];
  const idOf = async (name: string) => (await alice.seen(name)).id;
  for (const name of ADMINS.slice(1)) await alice.session.setAdmin(room, await idOf(name), true);
  await Promise.all(admins.map((person) => person.session.catchUp()));
  const commits = () => log.log.filter((record) => hex(record.mailbox) === room && record.kind === 'commit').map(({ slot }) => Number(slot));
  const before = commits().length;

  const renewals = admins.flatMap((person) => Array.from({ length: 7 }, () => person.session.renewKeys(room)));
  // Only alice has everybody's card: the others meet the newcomers in this room.
  const additions = COMING.map((name) => alice.add(room, name));
  const removals = LEAVING.map((name, at) => (admins[at + 1] as TestPerson).remove(room, name));
  const ivo = await idOf('ivo');
  const appointments = admins.slice(2).map((person) => person.session.setAdmin(room, ivo, true));
  const words = admins.map(({ name }) => `${name} in the middle of it`);
  const posts = admins.map((person, at) => person.say(room, words[at] as string));
  expect([...renewals, ...additions, ...removals, ...appointments]).toHaveLength(50);
  await Promise.all([...renewals, ...additions, ...removals, ...appointments, ...posts]);

  const staying = [...admins, ...COMING.map(named)];
  for (const person of staying) await person.session.catchUp();
  const slots = commits();
  expect(slots).toEqual(slots.map((_, index) => index));
  // Whoever loses the race to appoint ivo finds him appointed or gone; the first to try after he went takes his name out.
  const unconditional = 50 - appointments.length;
  expect(slots.length - before).toBeGreaterThanOrEqual(unconditional);
  expect(slots.length - before).toBeLessThanOrEqual(unconditional + 2);
  const epochs = [...devices.values()].map((mls) => mls.roomIn(room).epoch);
  expect(new Set(epochs)).toEqual(new Set([slots.length]));
  for (const person of staying) {
    expect((await namesIn(person, room)).sort(), `whom ${person.name} sees`).toEqual([...ADMINS, ...COMING].sort());
  }
  for (const person of admins) expect((await person.texts(room)).sort(), `what ${person.name} reads`).toEqual([...words].sort());
  await worksOn(staying, room);
}, 240_000);
