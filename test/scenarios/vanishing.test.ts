/** Messages that vanish: they are nowhere on a device once their time has come, wherever they had got to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { COLLECTIONS } from '#core/vault/port.ts';
import { utf8 } from '#shared/sodium.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { PASSPHRASE, type TestPerson, until } from '../harness/people.ts';

const HOUR = 3_600_000;
let ahead = 0;
const now = () => Date.now() + ahead;

let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob'], { alice: { now }, bob: { now } });
  [alice, bob] = hub.people as [TestPerson, TestPerson];
});
afterAll(() => hub.end());

const catchUp = (...people: TestPerson[]) => Promise.all(people.map((person) => person.session.catchUp()));
const messagesOf = async (person: TestPerson, room: RoomId): Promise<MessageItem[]> =>
  (await person.timeline(room)).filter((item) => item.kind === 'message');
const itemOf = async (person: TestPerson, room: RoomId, text: string): Promise<MessageItem> => {
  const found = (await messagesOf(person, room)).find((item) => item.text === text);
  if (found === undefined) throw new Error(`${person.name} does not see ${text}`);
  return found;
};
const placeOf = ({ place }: MessageItem) => {
  if (place === undefined) throw new Error('it is not in the log yet');
  return place;
};

/** The collections of an opened vault in which these words are found. */
async function whereIn(person: TestPerson, words: string): Promise<string[]> {
  await person.session.close();
  const vault = await person.home.open(PASSPHRASE);
  const found: string[] = [];
  for (const collection of COLLECTIONS) {
    const held = (await vault.all(collection)).some(({ value, scope }) => `${scope} ${Buffer.from(value).toString('latin1')}`.includes(Buffer.from(utf8(words)).toString('latin1')));
    if (held) found.push(collection);
  }
  await vault.close();
  await person.restart();
  return found;
}

/** Entries that stand beside messages of this room, whatever is in them. */
async function besideMessages(person: TestPerson, room: RoomId): Promise<string[]> {
  await person.session.close();
  const vault = await person.home.open(PASSPHRASE);
  const found: string[] = [];
  for (const collection of ['notes', 'bookmarks', 'pins', 'threads', 'search'] as const) {
    for (const { scope } of await vault.all(collection)) if (scope.startsWith(room)) found.push(collection);
  }
  await vault.close();
  await person.restart();
  return found;
}

describe('a room whose messages vanish after an hour', () => {
  it('leaves nothing of them in any collection, not even of what was said about them', async () => {
    const room = await roomOf([alice, bob]);
    await alice.session.setVanishing(room, 3_600);
    await catchUp(bob);
    await alice.say(room, 'canaryone meets at the bridge');
    const said = await itemOf(bob, room, 'canaryone meets at the bridge');
    await bob.session.react(room, placeOf(said), '👍', true);
    await bob.session.bookmark(room, placeOf(said), true);
    await bob.session.saveDraft(room, { text: 'an answer', replyTo: placeOf(said) });
    await bob.session.send(room, { text: 'canaryone in a thread', thread: placeOf(said) });
    await catchUp(alice);
    const own = await itemOf(alice, room, 'canaryone meets at the bridge');
    await alice.session.edit(room, placeOf(own), { text: 'canaryone meets at the mill' });
    await alice.session.pin(room, placeOf(own), true);
    await until(async () => (await messagesOf(bob, room)).some(({ text, pinned }) => pinned && text === 'canaryone meets at the mill'), 'the change and the pin to arrive');
    await until(async () => (await bob.session.threads()).length === 1, 'bob to follow the thread');
    expect((await bob.session.search({ text: 'canaryone' }, { whole: true })).hits).toHaveLength(2);
    expect(await whereIn(bob, 'canaryone')).toContain('messages');
    expect(new Set(await besideMessages(bob, room))).toEqual(new Set(['notes', 'bookmarks', 'pins', 'threads', 'search']));

    ahead += HOUR + 60_000;
    for (const person of [alice, bob]) {
      await person.restart();
      expect((await person.session.timeline(room)).items.filter(({ kind }) => kind === 'message')).toEqual([]);
      expect(await person.session.pins(room)).toEqual([]);
      expect(await person.session.bookmarks()).toEqual([]);
      expect(await person.session.threads()).toEqual([]);
      expect(await besideMessages(person, room)).toEqual([]);
      expect((await person.session.search({ text: 'canaryone' }, { whole: true })).hits).toEqual([]);
      expect(await whereIn(person, 'canaryone')).toEqual([]);
    }
    expect(await bob.session.draft(room)).toMatchObject({ text: 'an answer', replyTo: undefined });
  });

  it('says of each message when it is gone; what is unread goes down with it, while the device is open', async () => {
    const room = await roomOf([alice, bob]);
    await alice.say(room, 'this one stays');
    await alice.session.setVanishing(room, 3_600);
    await alice.say(room, 'canarytwo');
    const [stays, goes] = await messagesOf(bob, room);
    expect(stays?.vanishesAt).toBeUndefined();
    expect(goes?.vanishesAt).toBe((goes?.at ?? 0) + HOUR);
    const unread = async () => (await bob.session.rooms()).find(({ id }) => id === room)?.unread;
    expect(await unread()).toBe(2);
    ahead += HOUR + 60_000;
    await bob.session.nudge();
    await until(async () => (await unread()) === 1, 'it to be gone');
    expect(await bob.texts(room)).toEqual(['this one stays']);
  });

  it('shows nothing that was due before it came, and sends nothing that is due before it leaves', async () => {
    const room = await roomOf([alice, bob]);
    await alice.session.setVanishing(room, 3_600);
    await catchUp(bob);
    await alice.say(room, 'canarythree');
    await hub.relay.stop();
    const queued = bob.session.send(room, 'canaryfour');
    await queued;
    ahead += HOUR + 60_000;
    await bob.restart();
    expect((await bob.session.timeline(room)).items.filter(({ kind }) => kind === 'message')).toEqual([]);
    expect(await whereIn(bob, 'canaryfour')).toEqual([]);
    await hub.relay.restart();
    expect(await bob.texts(room)).toEqual([]);
    expect(await whereIn(bob, 'canarythree')).toEqual([]);
  });
});

describe('a message that goes before what was said under it', () => {
  it('takes the thread along, what was begun there, and a change of it that waits to be sent', async () => {
    const room = await roomOf([alice, bob]);
    await alice.session.setVanishing(room, 3_600);
    await catchUp(bob);
    await alice.say(room, 'what shall we bring?');
    const root = placeOf(await itemOf(bob, room, 'what shall we bring?'));
    ahead += HOUR / 2;
    await bob.session.send(room, { text: 'canarysix', thread: root });
    await until(async () => (await messagesOf(alice, room))[0]?.thread?.replies === 1, 'the reply to come');
    await alice.session.saveDraft(room, { text: 'canaryseven', thread: root });
    await hub.relay.stop();
    await alice.session.edit(room, root, { text: 'canaryeight' });
    expect(await whereIn(alice, 'canaryeight')).toEqual(['outbox']);

    ahead += HOUR / 2 + 60_000;
    await alice.restart();
    for (const canary of ['canarysix', 'canaryseven', 'canaryeight']) expect([canary, ...(await whereIn(alice, canary))]).toEqual([canary]);
    await hub.relay.restart();
    expect(await alice.texts(room)).toEqual([]);
    await bob.session.nudge();
    await until(async () => (await bob.session.threads()).length === 0, 'the thread to be gone');
  });
});

describe('a file', () => {
  it('goes with the room it was brought to, and stays its sender\'s where it was sent', async () => {
    const [stays, goes] = [await roomOf([alice, bob], 'Stays'), await roomOf([alice, bob], 'Goes')];
    await alice.session.setVanishing(goes, 3_600);
    await catchUp(bob);
    const id = await alice.session.sendFile(stays, new Blob(['the plan of the house']), { name: 'plan.png', type: 'image/png', caption: 'canaryten' });
    await alice.session.delivered(stays, id);
    await catchUp(alice, bob);
    expect(await whereIn(alice, 'canaryten'), 'what was said with it, should it be deleted').toEqual(['messages']);
    const [sent] = await messagesOf(bob, stays);
    await bob.session.forward(stays, placeOf(sent as MessageItem), [goes]);
    await until(async () => (await messagesOf(alice, goes)).length === 1, 'it to come to the other room');
    const [brought] = await messagesOf(alice, goes);
    await alice.session.fetchFile(goes, placeOf(brought as MessageItem));
    expect(await alice.session.isFileHere(goes, placeOf(brought as MessageItem)), 'its bytes are kept').toBe(true);
    ahead += HOUR + 60_000;
    await alice.restart();
    expect(await messagesOf(alice, goes)).toEqual([]);
    await alice.session.close();
    const vault = await alice.home.open(PASSPHRASE);
    expect(await vault.all('files'), 'its bytes').toEqual([]);
    expect(await vault.all('uploads'), 'what takes it back at the relay').toHaveLength(1);
    await vault.close();
    await alice.restart();
  });
});

describe('the hub\'s ceiling', () => {
  it('holds in rooms with the timer off, and for what is there already', async () => {
    const room = await roomOf([alice, bob]);
    await alice.say(room, 'canaryfive');
    await catchUp(bob);
    await alice.session.setLongestKeep(86_400);
    await until(async () => (await catchUp(bob), await bob.session.longestKeep()) === 86_400, 'bob to hear of it');
    expect((await bob.session.rooms()).find(({ id }) => id === room)).toMatchObject({ vanishAfter: 0, keeps: 86_400 });
    await until(async () => (await itemOf(bob, room, 'canaryfive')).vanishesAt !== undefined, 'what is there to be given a time');
    await expect(bob.session.setLongestKeep(0)).rejects.toMatchObject({ code: 'not-allowed' });
    ahead += 25 * HOUR;
    await bob.restart();
    expect(await whereIn(bob, 'canaryfive')).toEqual([]);
    await alice.session.setLongestKeep(0);
  });
});
