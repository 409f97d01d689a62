/** Alice and Bob look for what was said: in rooms, in several languages, by words, phrases and filters, without a line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagePlace, RoomId, SearchRequest } from '#core/session/api.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { foundHub, PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay, type LocalRelay } from '../harness/relay.ts';

let relay: LocalRelay;
let alice: TestPerson;
let bob: TestPerson;
let kitchen: RoomId;
let strike: RoomId;
const bobsHome = memoryVaultHome();

const search = async (person: TestPerson, request: string | Partial<SearchRequest>) => {
  await person.session.catchUp();
  return person.session.search({ text: '', ...(typeof request === 'string' ? { text: request } : request) });
};
const found = async (person: TestPerson, request: string | Partial<SearchRequest>) =>
  (await search(person, request)).hits.map(({ snippet, file }) => file?.name ?? snippet?.text);

beforeAll(async () => {
  relay = await startTestRelay();
  alice = await foundHub(relay.foundingLink as string);
  bob = await welcome(alice, 'bob', { home: bobsHome });
  kitchen = await alice.session.createRoom('Kitchen');
  strike = await alice.session.createRoom('Rent strike');
  await alice.add(kitchen, 'bob');
  await alice.add(strike, 'bob');
  await bob.session.catchUp();
  for (const text of ['We meet at six', 'Bring the big pot', 'La reunión es mañana', 'see https://example.org/soup']) await alice.say(kitchen, text);
  for (const text of ['الاجتماعُ في المدرسةِ غداً', 'הפגישה בבית של רוזה', '我们明天在北京开会']) await alice.say(strike, text);
  await bob.say(strike, 'The strike begins when we all meet at noon');
  await alice.session.catchUp();
  await bob.session.catchUp();
}, 60_000);
afterAll(async () => {
  await Promise.all([alice?.session.close(), bob?.session.close()]);
  await relay?.stop();
});

describe('what was said', () => {
  it.each([
    ['by the beginnings of words, all of which must be there', 'me si', ['We meet at six']],
    ['newest first', 'meet', ['The strike begins when we all meet at noon', 'We meet at six']],
    ['by a phrase', '"meet at six"', ['We meet at six']],
    ['not by words of a phrase in another order', '"at meet"', []],
    ['without its accents', 'reunion manana', ['La reunión es mañana']],
    ['without Arabic points, endings and article', 'اجتماع مدرسه', ['الاجتماعُ في المدرسةِ غداً']],
    ['with the Arabic article', 'الاجتماع المدرسه', ['الاجتماعُ في المدرسةِ غداً']],
    ['in Hebrew without its article', 'פגישה', ['הפגישה בבית של רוזה']],
    ['in Hebrew by the beginning', 'הפגי רוז', ['הפגישה בבית של רוזה']],
    ['in Chinese by any part', '北京开会', ['我们明天在北京开会']],
    ['by nothing that is there', 'zebra', []],
    ['by who wrote it', 'from:bob meet', ['The strike begins when we all meet at noon']],
    ['by oneself', 'is:mine meet', ['The strike begins when we all meet at noon']],
    ['by room', 'in:kitchen meet', ['We meet at six']],
    ['by what it has', 'has:link', ['see https://example.org/soup']],
    ['before a day long ago', 'meet before:2001-01-01', []],
    ['after it', 'pot after:2001-01-01', ['Bring the big pot']],
  ])('is found %s', async (_, typed, texts) => expect(await found(bob, typed)).toEqual(texts));

  it('is found by the chips of the interface as by what is typed', async () => {
    const me = (await bob.session.overview()).me?.id as string;
    expect(await found(bob, { text: 'meet', from: [me] })).toEqual(['The strike begins when we all meet at noon']);
    expect(await found(bob, { text: 'meet', rooms: [kitchen] })).toEqual(['We meet at six']);
    expect(await found(bob, { until: 0 })).toEqual([]);
  });
  it('comes with where it stands, who wrote it and what to mark', async () => {
    const { hits: [hit], total, cursor, share } = await search(bob, 'BIG po');
    const timeline = await bob.timeline(kitchen);
    const item = timeline.find((one) => one.kind === 'message' && one.text === 'Bring the big pot');
    expect(hit).toMatchObject({ room: kitchen, place: { seq: item?.seq, id: item?.id }, sender: { name: 'alice' }, snippet: { marks: [{ start: 10, length: 3 }, { start: 14, length: 2 }], before: false, behind: false } });
    expect([total, cursor, share]).toEqual([1, undefined, 1]);
  });
  it('comes page by page', async () => {
    const texts: (string | undefined)[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await bob.session.search({ text: 'after:2001-01-01' }, { limit: 3, ...(cursor !== '' && { cursor }) });
      expect(page.total).toBe(8);
      texts.push(...page.hits.map(({ snippet }) => snippet?.text));
      cursor = page.cursor;
    }
    expect(new Set(texts).size).toBe(8);
    expect(texts).toHaveLength(8);
  });
  it('says which filters make no sense', async () => {
    expect(await search(bob, 'from:nobody has:soup')).toMatchObject({ hits: [], unclear: ['has:soup', 'from:nobody'] });
  });
  it('and of an empty field nothing', async () => expect(await search(bob, ' ')).toMatchObject({ hits: [], total: 0 }));
  it('ends the search before', async () => {
    const before = bob.session.search({ text: 'meet' });
    const latest = bob.session.search({ text: 'meet at' });
    await expect(before).rejects.toMatchObject({ code: 'cancelled' });
    expect((await latest).hits).toHaveLength(2);
  });
});

describe('what is said of a message', () => {
  it('a thread is searched too, and a hit says where it stands', async () => {
    const root = (await search(bob, 'big pot')).hits[0]?.place as MessagePlace;
    await bob.session.send(kitchen, { text: 'Only the pressure cooker is left', thread: root });
    await until(async () => (await found(alice, 'pressure cooker')).length === 1, 'the reply to come');
    const { hits: [hit] } = await search(alice, 'pressure');
    expect(hit).toMatchObject({ room: kitchen, place: { thread: { id: root.id, sender: root.sender, seq: root.seq } } });
  });
  it('what was changed is found as it is now', async () => {
    const place = (await search(alice, 'meet at six')).hits[0]?.place as MessagePlace;
    await alice.session.edit(kitchen, place, { text: 'We gather at seven' });
    await until(async () => (await found(bob, 'gather seven')).length === 1, 'the change to come');
    expect(await found(bob, '"meet at six"')).toEqual([]);
  });
  it('what is kept at hand or pinned is found by that', async () => {
    const place = (await search(bob, 'gather')).hits[0]?.place as MessagePlace;
    await bob.session.bookmark(kitchen, place, true);
    expect(await found(bob, 'is:saved')).toEqual(['We gather at seven']);
    await alice.session.pin(kitchen, place, true);
    await until(async () => (await found(bob, 'is:pinned in:kitchen')).length === 1, 'the pin to come');
  });
  it('whom it names finds it by that', async () => {
    const bobId = (await alice.seen('bob')).id;
    await alice.session.send(strike, { text: 'bob brings the banner', mentions: [{ start: 0, length: 3, member: bobId }] });
    await until(async () => (await found(bob, 'mentions:me')).length === 1, 'the message to come');
    expect(await found(alice, 'mentions:me')).toEqual([]);
  });
  it('of what was deleted no piece of the index holds a word, nor of what was changed', async () => {
    const id = await alice.session.send(strike, 'Canarywort is the password');
    await alice.session.delivered(strike, id);
    await until(async () => (await found(bob, 'canarywort')).length === 1, 'the message to come');
    await bob.session.search({ text: 'canarywort' }, { whole: true });
    await bob.session.close();
    expect(await indexOf()).toContain('canarywort');
    await bob.restart();
    const place = (await search(alice, 'canarywort')).hits[0]?.place as MessagePlace;
    await alice.session.deleteMessage(strike, place);
    await until(async () => (await found(bob, 'canarywort')).length === 0, 'the deletion to come');
    await bob.session.close();
    expect(await indexOf()).not.toContain('canarywort');
    await bob.restart();
    await bob.session.search({ text: 'canarywort' }, { whole: true });
    expect(await found(bob, 'begins noon')).toHaveLength(1);
    await bob.session.close();
    expect(await indexOf()).not.toContain('canarywort');
    await bob.restart();
  });
});

describe('the index', () => {
  it('is kept, sealed and found again, without a line', async () => {
    await bob.session.search({ text: 'meet' }, { whole: true });
    expect(await bob.session.searchState()).toEqual({ share: 1, working: false });
    await bob.session.close();
    expect(await indexOf()).toContain('strike');
    await relay.stop();
    try {
      await bob.restart();
      expect((await bob.session.search({ text: 'noon' })).hits.map(({ snippet }) => snippet?.text)).toEqual(['The strike begins when we all meet at noon']);
    } finally {
      relay = await startTestRelay();
    }
  });
  it('is made anew where it was damaged', async () => {
    await bob.session.close();
    const vault = await bobsHome.open(PASSPHRASE);
    const pieces = (await vault.all('search')).filter(({ scope }) => scope !== '');
    expect(pieces.length).toBeGreaterThan(1);
    await vault.write(pieces.map(({ scope, order }) => ({ put: { collection: 'search' as const, scope, order }, value: Uint8Array.of(1, 2, 3) })));
    await vault.close();
    await bob.restart();
    expect((await bob.session.search({ text: 'noon' })).hits.map(({ snippet }) => snippet?.text)).toEqual(['The strike begins when we all meet at noon']);
  });
});

/** Everything that the index in bob's vault holds, as text. */
async function indexOf(): Promise<string> {
  const vault = await bobsHome.open(PASSPHRASE);
  try {
    return (await vault.all('search')).map(({ value }) => new TextDecoder().decode(value)).join('\n');
  } finally {
    await vault.close();
  }
}
