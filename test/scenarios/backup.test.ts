/** Rosa's device is lost. What she wrote down brings back who she is and what was said; a friend brings her back into the room. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entropyOf } from '#core/domain/recovery-phrase.ts';
import type { RoomId } from '#core/session/api.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';

let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
let rosa: TestPerson;
let room: RoomId;
/** Looked after by bob alone. */
let roof: RoomId;
/** Rosa, with another device. */
let again: TestPerson;
let words: readonly string[];
let file: Blob;

beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'rosa']);
  [alice, bob, rosa] = hub.people as [TestPerson, TestPerson, TestPerson];
  room = await roomOf(hub.people);
  await worksOn([alice, bob, rosa], room);
  roof = await roomOf([bob, alice, rosa], 'Roof');
  words = await rosa.session.newRecoveryPhrase();
  file = await rosa.session.fetchBackup(words);
});
afterAll(() => hub.end());

const changedAt = async (at: number): Promise<Blob> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  bytes[at] = (bytes[at] as number) ^ 1;
  return new Blob([bytes]);
};
/** In another order. One order in sixteen is a phrase too, by chance. */
const mistaken = (right: readonly string[]): readonly string[] =>
  right.map((_, turn) => [...right.slice(turn), ...right.slice(0, turn)]).find((turned) => entropyOf(turned) === undefined) ?? [];
const restoring = async (source: Blob, given = words) => {
  const home = memoryVaultHome();
  const person = await TestPerson.arrive('rosa', { home });
  return { person, done: person.session.restoreBackup(source, given, { passphrase: PASSPHRASE }), home };
};

describe('a backup', () => {
  it('tells nothing by its name or its size, and the device knows when it was made', async () => {
    expect(await rosa.session.backupState()).toMatchObject({ due: false, lastDay: Math.floor(Date.now() / 86_400_000) });
    expect(await alice.session.backupState()).toEqual({ due: true, lastDay: undefined });
    const text = new TextDecoder('latin1').decode(await file.arrayBuffer());
    for (const said of ['rosa', 'alice', 'Stairwell', 'http', 'Riverside']) expect(text).not.toContain(said);
  });

  it('does not open with other words, damaged, cut short, or not being one at all, and leaves nothing behind', async () => {
    const other = await rosa.session.newRecoveryPhrase();
    const cases: [Blob, readonly string[], string][] = [
      [file, other, 'wrong-recovery-phrase'],
      [file, mistaken(words), 'bad-recovery-phrase'],
      [await changedAt(20), words, 'wrong-recovery-phrase'],
      [await changedAt(file.size - 5), words, 'archive-damaged'],
      [file.slice(0, file.size - 1), words, 'archive-damaged'],
      [file.slice(0, 29 + 24 + 65_553), words, 'archive-damaged'],
      [new Blob([await file.arrayBuffer(), new Uint8Array(70_000)]), words, 'archive-damaged'],
      [new Blob(['not a backup, but long enough to be looked at as one']), words, 'not-a-backup'],
    ];
    for (const [source, given, code] of cases) {
      const { done, home } = await restoring(source, given);
      await expect(done, code).rejects.toMatchObject({ code });
      expect(await home.exists(), 'a vault is left').toBe(false);
    }
  });

  it('does not ask for more memory than a device can give', async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    new DataView(bytes.buffer).setUint32(9, 0xffff_ffff);
    await expect((await restoring(new Blob([bytes]))).done).rejects.toMatchObject({ code: 'not-a-backup' });
  });
});

describe('rosa, whose device is lost', () => {
  it('has what was said at once, as a past she can read and nothing else', async () => {
    await rosa.session.lock();
    const { person, done } = await restoring(file);
    await done;
    again = person;
    expect((await again.session.overview()).stage).toBe('open');
    expect((await again.texts(room)).slice(-3).map((text) => text.split(' ')[0])).toEqual(['alice', 'bob', 'rosa']);
    expect((await again.session.rooms()).map(({ id, active }) => ({ id, active })).sort((a, b) => (a.id === room ? -1 : b.id === room ? 1 : 0))).toEqual([{ id: room, active: false }, { id: roof, active: false }]);
    expect((await again.session.rooms()).map(({ away }) => away), 'somebody has to let her in').toEqual([true, true]);
    await expect(again.session.send(room, 'is anybody there?')).rejects.toMatchObject({ code: 'room-inactive' });
    await again.restart();
    expect(await again.texts(room)).toHaveLength(3);
  });

  it('asks, is refused or thinks better of it, and still has what she had', async () => {
    const { id, link } = await alice.session.invite();
    await again.session.comeBack(link, { passphrase: PASSPHRASE });
    expect(await again.session.overview()).toMatchObject({ stage: 'waiting', returning: true });
    await alice.session.refuse(id);
    await until(async () => (await again.session.overview()).joinProblem === 'refused', 'rosa to hear of it');
    await again.session.stopAsking();
    expect(await again.session.overview()).toMatchObject({ stage: 'open', returning: false, joinProblem: undefined });
    expect(await again.texts(room)).toHaveLength(3);
    // The hub by another name, as far as a device can tell: what it was before is nothing for whoever is there.
    const { id: second, link: other } = await alice.session.invite();
    await again.session.comeBack(other.replace('127.0.0.1', 'localhost'), { passphrase: PASSPHRASE });
    await again.restart();
    await again.session.stopAsking();
    expect((await again.session.overview()).stage).toBe('locked');
    await again.session.unlock(PASSPHRASE);
    await again.session.catchUp();
    expect(await again.texts(room)).toHaveLength(3);
    await alice.session.refuse(second);
  });

  it('is known again by her inviter, comes into the room, and reads on: nothing is there twice', async () => {
    await alice.say(room, 'where is rosa?');
    const { id, link } = await alice.session.invite();
    const { phrase } = await again.session.comeBack(link, { passphrase: PASSPHRASE });
    const [request] = await alice.session.requests();
    expect(request).toMatchObject({ id, name: 'rosa', returning: { name: 'rosa' } });
    await alice.session.admit(id, phrase.join(' '));
    await until(async () => (await again.session.overview()).stage === 'open', 'rosa to be let in again');
    await again.session.catchUp();
    await until(async () => {
      await alice.session.catchUp();
      await again.session.catchUp();
      return (await again.session.rooms()).some(({ active }) => active);
    }, 'rosa to be back in the room');
    await bob.session.catchUp();
    await worksOn([alice, bob, again], room);
    const texts = await again.texts(room);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).not.toContain('where is rosa?');
    expect(texts).toHaveLength(6);
    expect((await alice.session.members(room)).filter(({ name }) => name === 'rosa')).toHaveLength(1);
    expect((await again.events(room)).filter((what) => what !== 'joined')).toContain('returned');
    for (const person of [alice, bob]) expect((await person.events(room)).slice(-2)).toEqual(['removed', 'new-device']);
  });
});

describe('a room that rosa’s inviter may not change', () => {
  it('still has the device that was lost, until bob brings the new one in', async () => {
    const rosas = async () => (await bob.session.members(roof)).find(({ name }) => name === 'rosa');
    await bob.session.catchUp();
    expect(await rosas()).toMatchObject({ lost: true });
    await expect(alice.session.bringNewDevice(roof, (await rosas())?.id ?? '')).rejects.toMatchObject({ code: 'not-allowed' });
    await bob.session.bringNewDevice(roof, (await rosas())?.id ?? '');
    await until(async () => {
      await bob.session.catchUp();
      await again.session.catchUp();
      return (await again.session.rooms()).find(({ id }) => id === roof)?.active === true;
    }, 'rosa to be on the roof again');
    expect((await rosas())?.lost).toBeUndefined();
    await again.say(roof, 'what a view');
    expect(await bob.texts(roof)).toContain('what a view');
  });
});

describe('mallory, who takes rosa’s name', () => {
  it('is not shown as rosa', async () => {
    const mallory = await TestPerson.arrive('mallory', { home: memoryVaultHome() });
    const { id, link } = await alice.session.invite();
    await mallory.session.join(link, { name: 'rosa', passphrase: PASSPHRASE });
    const request = (await alice.session.requests()).find((one) => one.id === id);
    expect(request?.returning).toBeUndefined();
    await alice.session.refuse(id);
    await mallory.session.lock();
  });
});

describe('bob, who lost every device and made no backup', () => {
  it('joins as somebody new, and alice, who heard his voice, gives him his old place', async () => {
    const old = (await alice.seen('bob')).id;
    await bob.session.lock();
    const anew = await TestPerson.arrive('bob', { home: memoryVaultHome() });
    const { id, link } = await alice.session.invite();
    const { phrase } = await anew.session.join(link, { name: 'Bob', passphrase: PASSPHRASE });
    const [request] = await alice.session.requests();
    expect(request).toMatchObject({ id, returning: undefined, perhaps: [{ id: old, name: 'bob' }] });
    await expect(alice.session.admit(id, phrase.join(' '), (await alice.session.overview()).me?.id)).rejects.toMatchObject({ code: 'unknown-member' });
    await alice.session.admit(id, phrase.join(' '), old);
    await until(async () => {
      if ((await anew.session.overview()).stage !== 'open') return false;
      await anew.session.catchUp();
      await alice.session.catchUp();
      return (await anew.session.rooms()).some(({ active }) => active);
    }, 'bob to be in again');
    const members = await alice.session.members(room);
    expect(members.some((member) => member.id === old), 'the lost devices are still in').toBe(false);
    expect(members.map(({ name }) => name).sort()).toEqual(['Bob', 'alice', 'rosa']);
    await anew.say(room, 'I have lost it all');
    expect((await alice.texts(room)).at(-1)).toBe('I have lost it all');
    await anew.session.lock();
  });
});
