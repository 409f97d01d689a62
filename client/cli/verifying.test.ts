import { expect, test } from 'vitest';
import { FakeHub, person, room } from './testing/fake-session.ts';

const bob = person('Bob', 'b');
const WORDS = ['meadow', 'copper', 'violin', 'harbor', 'pencil', 'autumn'];

function garden(): FakeHub {
  const hub = new FakeHub();
  hub.roomList = [room('Garden', '1')];
  hub.memberList = [{ ...bob, admin: false, role: 'member' }];
  hub.safety = { words: WORDS, verified: 'changed' };
  return hub;
}

test('the safety phrase is shown with how it stands, and marked with what was heard', async () => {
  const hub = garden();
  const shown = await hub.run(['--json', 'safety', 'Garden', 'Bob']);
  expect(shown.objects).toEqual([{ room: '1'.repeat(32), member: bob.id, name: 'Bob', phrase: WORDS.join(' '), verified: 'changed' }]);
  expect((await hub.run(['safety', 'Garden', 'Bob'])).out).toContain('Compare again');
  expect((await hub.run(['verify', 'Garden', 'Bob', '--phrase', 'Meadow, copper violin-harbor pencil autumn'])).code).toBe(0);
  expect((await hub.run(['unverify', 'Garden', 'Bob'])).code).toBe(0);
  expect(hub.log.filter((line) => line.startsWith('setVerified'))).toEqual([
    `setVerified ${'1'.repeat(32)} ${bob.id} ${JSON.stringify(WORDS)}`, `setVerified ${'1'.repeat(32)} ${bob.id} `,
  ]);
  expect(await hub.run(['verify', 'Garden', 'Bob'])).toMatchObject({ code: 2 });
});

test('a restored device asks to come back, and goes on asking where it was cut short', async () => {
  const hub = new FakeHub();
  hub.stage = 'empty';
  expect(await hub.run(['come-back', 'https://hub/#join=x'])).toMatchObject({ code: 6 });
  hub.stage = 'open';
  const asked = await hub.run(['--json', 'come-back', 'https://hub/#join=x']);
  expect(asked.objects).toEqual([{ phrase: 'one two three four' }, expect.objectContaining({ admitted: true, name: 'Alice' })]);
  expect(hub.log.some((line) => line.startsWith('comeBack https://hub/#join=x'))).toBe(true);
  expect(asked.out + asked.err).not.toContain('passphrase');
  expect((await hub.run(['come-back', 'stop'])).code).toBe(0);
  expect(hub.log).toContain('stopAsking');
});

test('of two commands that begin alike the longer one is meant', async () => {
  const hub = new FakeHub();
  expect((await hub.run(['link', 'show'])).code).toBe(0);
  expect(hub.log).toContain('linkRequest');
});
