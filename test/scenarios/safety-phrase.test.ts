/** Alice and Bob compare the words of the room; then somebody who has Bob's keys slips a device of theirs in. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';

let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
let room: RoomId;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob']);
  [alice, bob] = hub.people as [TestPerson, TestPerson];
  room = await roomOf(hub.people);
});
afterAll(() => hub.end());

const heard = async (person: TestPerson, other: string) => person.session.safetyPhrase(room, (await person.seen(other)).id);

it('both see the same words; a device that was slipped in changes them, and who was verified is so no longer', async () => {
  const before = await heard(alice, 'bob');
  expect(before.words).toHaveLength(6);
  expect((await heard(bob, 'alice')).words).toEqual(before.words);
  expect(before.verified).toBe('no');
  await expect(alice.session.setVerified(room, (await alice.seen('bob')).id, ['six', 'other', 'words'])).rejects.toMatchObject({ code: 'phrase-differs' });
  await alice.session.setVerified(room, (await alice.seen('bob')).id, before.words);
  expect((await alice.seen('bob')).verified).toBe('yes');
  await alice.restart();
  expect((await alice.seen('bob')).verified).toBe('yes');

  // Mallory has found Bob's backup and his words, and is let in by somebody who does not compare.
  const words = await bob.session.newRecoveryPhrase();
  const mallory = await TestPerson.arrive('bob', { home: memoryVaultHome() });
  await mallory.session.restoreBackup(await bob.session.fetchBackup(words), words, { passphrase: PASSPHRASE });
  const { id, link } = await alice.session.invite();
  const { phrase } = await mallory.session.comeBack(link, { passphrase: PASSPHRASE });
  await alice.session.admit(id, phrase.join(' '));
  await until(async () => {
    if ((await mallory.session.overview()).stage !== 'open') return false;
    await mallory.session.catchUp();
    await alice.session.catchUp();
    return (await mallory.session.rooms()).some(({ active }) => active);
  }, 'the device to be slipped in');
  expect((await heard(alice, 'bob')).words).not.toEqual(before.words);
  expect((await alice.seen('bob')).verified).toBe('changed');
  expect((await alice.session.members(room)).find(({ name }) => name === 'bob')?.verified).toBe('changed');
  expect((await alice.session.rooms()).find(({ id }) => id === room)?.changed.map(({ name }) => name), 'told in the list of rooms').toEqual(['bob']);
  await alice.say(room, 'sending stays possible');
  await mallory.session.lock();
});
