/**
 * One hub, two kinds of members: alice through the session, as the browser has it, bob and carol at the command line. They
 * join, share a room, read each other live, add and remove, and agree on every line.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { CommandLine } from '../harness/command-line.ts';
import { foundHub, type TestPerson, until } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

vi.setConfig({ testTimeout: 180_000 });

const bob = new CommandLine();
const carol = new CommandLine();
let alice: TestPerson;
let room: RoomId;
let stop = async (): Promise<void> => undefined;

beforeAll(async () => {
  const relay = await startTestRelay();
  stop = relay.stop;
  alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
});
afterAll(async () => {
  await alice.session.close();
  await stop();
  for (const person of [bob, carol]) person.remove();
});

const textsOf = async (person: CommandLine): Promise<unknown[]> => (await person.do('read', 'Mixed')).map(({ text }) => text);

test('people at the command line join a hub of somebody in the browser, phrase against phrase', async () => {
  for (const [person, name] of [[bob, 'bob'], [carol, 'carol']] as const) {
    const { id, link } = await alice.session.invite();
    const joining = person.start(['join', link, '--name', name, '--timeout', '90']);
    const { phrase } = await joining.line();
    const request = (await alice.session.requests()).find((waiting) => waiting.id === id);
    expect(request).toMatchObject({ name });
    expect(request?.phrase.join(' ')).toBe(phrase);
    await alice.session.admit(id, String(phrase));
    expect(await joining.line()).toMatchObject({ admitted: true });
    expect((await joining.ended).code).toBe(0);
  }
});

test('one room for all three: what any of them writes, everybody reads alike', async () => {
  room = await alice.session.createRoom('Mixed');
  await alice.add(room, 'bob');
  await alice.add(room, 'carol');
  const following = bob.start(['read', 'Mixed', '--follow']);
  await until(async () => (await bob.do('rooms')).length === 1, 'bob to be in the room', 60_000);

  const said = ['from the browser', 'مرحبا من الطرفية', '你好，👩🏽‍🌾', 'שלום'];
  await alice.say(room, said[0] as string);
  await bob.do('send', 'Mixed', said[1] as string);
  await carol.do('send', 'Mixed', said[2] as string);
  await alice.say(room, said[3] as string);

  for (const text of said) await following.line((line) => line['text'] === text);
  process.kill(following.pid, 'SIGTERM');
  expect((await following.ended).code).toBe(0);
  for (const person of [bob, carol]) expect(await textsOf(person)).toEqual(said);
  await until(async () => (await alice.texts(room)).length === said.length, 'alice to read live');
  expect(await alice.texts(room)).toEqual(said);
  const senders = (await alice.timeline(room)).flatMap((item) => (item.kind === 'message' ? [item.sender.name] : []));
  expect(senders).toEqual(['alice', 'bob', 'carol', 'alice']);
});

test('thirty lines from standard input cross thirty of alice’s, and all three see one order', async () => {
  const lines = Array.from({ length: 30 }, (_, n) => `bob ${n}`);
  const sending = bob.run(['send', 'Mixed', '-'], { input: `${lines.join('\n')}\n` });
  for (let n = 0; n < 30; n += 1) await alice.say(room, `alice ${n}`);
  const { code, lines: told } = await sending;
  expect(code).toBe(0);
  expect(told).toHaveLength(30);
  const order = await alice.texts(room);
  expect(order.filter((text) => text.startsWith('bob '))).toEqual(lines);
  expect(await textsOf(bob)).toEqual(order);
  expect(await textsOf(carol)).toEqual(order);
});

test('an admin at the command line removes carol: she reads nothing newer, the others go on', async () => {
  await alice.session.setAdmin(room, (await alice.seen('bob')).id, true);
  await bob.do('room', 'remove', 'Mixed', 'carol');
  await alice.session.catchUp();
  await alice.say(room, 'without carol');
  const before = (await alice.texts(room)).slice(0, -1);
  expect(await textsOf(carol)).toEqual(before);
  expect((await carol.run(['send', 'Mixed', 'let me in'])).code).not.toBe(0);
  expect((await textsOf(bob)).at(-1)).toBe('without carol');
  expect((await bob.do('members', 'Mixed')).map(({ name }) => name).sort()).toEqual(['alice', 'bob']);
});
