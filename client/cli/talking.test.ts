import { expect, test } from 'vitest';
import { FakeHub, message, person, room } from './testing/fake-session.ts';

const bob = person('Bob', 'b');

function garden(): FakeHub {
  const hub = new FakeHub();
  hub.roomList = [room('Garden', '1')];
  hub.items = [message(5, bob, 'one'), message(7, bob, 'two')];
  return hub;
}
const place = (seq: number) => JSON.stringify({ id: `id${seq}`, sender: bob.id, seq });

test('a message is named by its seq, and what is said about it goes to its place', async () => {
  const hub = garden();
  expect((await hub.run(['--json', 'react', 'Garden', '5', '👍', 'on'])).objects).toEqual([{ id: 'id5', emoji: '👍', on: true }]);
  expect((await hub.run(['edit', 'Garden', '7', 'three'])).code).toBe(0);
  expect((await hub.run(['delete', 'Garden', '7'])).code).toBe(0);
  expect((await hub.run(['pin', 'Garden', '5', 'off'])).code).toBe(0);
  const said = hub.log.filter((line) => /^(react|edit|deleteMessage|pin) /.test(line));
  const id = '1'.repeat(32);
  expect(said).toEqual([`react ${id} ${place(5)} 👍 true`, `edit ${id} ${place(7)} {"text":"three"}`, `deleteMessage ${id} ${place(7)}`, `pin ${id} ${place(5)} false`]);
});

test('an answer and a message of a thread say what they answer and where they stand', async () => {
  const hub = garden();
  await hub.run(['reply', 'Garden', '5', 'yes']);
  await hub.run(['thread', 'Garden', '5', 'aside']);
  const said = hub.log.filter((line) => line.startsWith('send '));
  expect(said).toEqual([`send ${'1'.repeat(32)} {"text":"yes","replyTo":${place(5)}}`, `send ${'1'.repeat(32)} {"text":"aside","thread":${place(5)}}`]);
});

test('a message that is not there is said so', async () => {
  expect(await garden().run(['react', 'Garden', '6', '👍', 'on'])).toMatchObject({ code: 6 });
  expect(await garden().run(['pin', 'Garden', '5', 'perhaps'])).toMatchObject({ code: 2 });
});
