/** Alice, bob and carol talk: what is said about what was said, over a real relay. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagePlace, RoomId } from '#core/session/api.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { PASSPHRASE, type TestPerson, until } from '../harness/people.ts';
import { here, placeOf, said, settle, shows, summary, told, write } from '../harness/talk.ts';

let hub: Hub;
let [alice, bob, carol] = [] as unknown as [TestPerson, TestPerson, TestPerson];
let room: RoomId;

beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'carol']);
  [alice, bob, carol] = hub.people as [TestPerson, TestPerson, TestPerson];
  room = await roomOf(hub.people);
}, 120_000);
afterAll(() => hub.end());

const names = (people: readonly { name: string }[]) => people.map(({ name }) => name);

describe('a reply', () => {
  it('shows what it answers, as it is now', async () => {
    const question = await write(alice, room, 'who has the key?');
    await bob.session.catchUp();
    await write(bob, room, 'I have', { replyTo: await placeOf(bob, room, 'who has the key?') });
    await alice.session.catchUp();
    const reply = await said(alice, room, 'I have');
    expect(reply.replyTo).toMatchObject({ text: 'who has the key?', sender: { name: 'alice' }, place: { id: question.id } });
    await alice.session.edit(room, question, { text: 'who has the cellar key?' });
    expect((await said(alice, room, 'I have')).replyTo?.text).toBe('who has the cellar key?');
    await alice.session.deleteMessage(room, question);
    expect((await said(alice, room, 'I have')).replyTo?.text).toBeUndefined();
  });
});

describe('a reaction', () => {
  let place: MessagePlace;
  beforeAll(async () => {
    place = await write(alice, room, 'rent strike on the first');
  });

  it('counts at once for whoever gives it, and for everybody once it came', async () => {
    await bob.session.catchUp();
    const events = await told(bob, async () => bob.session.react(room, place, '✊', true));
    expect((await said(bob, room, 'rent strike on the first')).reactions).toMatchObject([{ emoji: '✊', mine: true }]);
    expect(events).toContainEqual({ changed: 'messages', room, seqs: [place.seq] });
    await shows(alice, room, place, ({ reactions }) => reactions.length === 1, 'the reaction');
    await carol.session.catchUp();
    await carol.session.react(room, place, '✊', true);
    await carol.session.react(room, place, '👍🏽', true);
    const item = await shows(alice, room, place, ({ reactions }) => reactions.length === 2 && reactions[0]?.people.length === 2, 'all of them');
    expect(item.reactions.map(({ emoji, people, mine }) => [emoji, names(people), mine])).toEqual([['✊', ['bob', 'carol'], false], ['👍🏽', ['carol'], false]]);
  });

  it('is taken back, and is nothing unread', async () => {
    await alice.session.markRead(room);
    await carol.session.react(room, place, '👍🏽', false);
    await shows(alice, room, place, ({ reactions }) => reactions.length === 1, 'one left');
    expect(await summary(alice, room)).toMatchObject({ unread: 0, mentions: 0 });
  });

  it('that was taken back before it left was never sent', async () => {
    await hub.relay.stop();
    await carol.session.react(room, place, '🔥', true);
    expect((await said(carol, room, 'rent strike on the first')).reactions.map(({ emoji }) => emoji)).toContain('🔥');
    await carol.session.react(room, place, '🔥', false);
    expect((await said(carol, room, 'rent strike on the first')).reactions.map(({ emoji }) => emoji)).not.toContain('🔥');
    await hub.relay.restart();
    await settle([carol, alice], room);
    expect((await said(alice, room, 'rent strike on the first')).reactions.map(({ emoji }) => emoji)).toEqual(['✊']);
  });

  it('is an emoji or refused', async () => {
    await expect(bob.session.react(room, place, 'ok', true)).rejects.toThrow();
  });
});

describe('a change', () => {
  it('shows to everybody, with what it was before, and is nothing new to read', async () => {
    const place = await write(alice, room, 'meet at six');
    await bob.session.catchUp();
    await bob.session.markRead(room);
    await alice.session.edit(room, place, { text: 'meet at seven' });
    expect(await said(alice, room, 'meet at seven')).toMatchObject({ edited: true, id: place.id });
    const events = await told(bob, () => shows(bob, room, place, ({ text }) => text === 'meet at seven', 'the change'));
    expect(events).toContainEqual({ changed: 'messages', room, seqs: [place.seq] });
    expect((await summary(bob, room)).unread).toBe(0);
    await settle([alice, bob], room);
    await alice.session.edit(room, place, { text: 'meet at eight' });
    await shows(bob, room, place, ({ text }) => text === 'meet at eight', 'the second change');
    expect((await bob.session.versions(room, place)).map(({ text }) => text)).toEqual(['meet at six', 'meet at seven', 'meet at eight']);
    await bob.restart();
    expect((await said(bob, room, 'meet at eight')).edited).toBe(true);
  });

  it('is for one\'s own messages, and says something', async () => {
    const place = await write(alice, room, 'mine');
    await bob.session.catchUp();
    expect((await said(bob, room, 'mine')).may).toEqual({ edit: false, delete: false, pin: true });
    expect((await said(alice, room, 'mine')).may).toEqual({ edit: true, delete: true, pin: true });
    await expect(bob.session.edit(room, place, { text: 'yours' })).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(alice.session.edit(room, place, { text: ' ' })).rejects.toMatchObject({ code: 'message-empty' });
    await expect(alice.session.edit(room, place, { text: 'x'.repeat(16_001) })).rejects.toMatchObject({ code: 'message-too-long' });
  });
});

describe('a deletion', () => {
  it('takes everything that was said from everybody, and leaves that somebody said something', async () => {
    const place = await write(bob, room, 'the canary text');
    for (const person of [alice, carol]) await person.session.catchUp();
    await carol.session.bookmark(room, place, true);
    await carol.session.pin(room, place, true);
    await carol.session.saveDraft(room, { text: 'but', replyTo: place });
    await bob.session.edit(room, place, { text: 'the canary text, changed' });
    await shows(carol, room, place, ({ text, pinned }) => text.includes('changed') && pinned, 'it changed and pinned');
    expect(await carol.session.bookmarks()).toHaveLength(1);
    const before = (await summary(alice, room)).unread;
    await bob.session.deleteMessage(room, place);
    for (const person of [alice, bob, carol]) {
      const item = await shows(person, room, place, ({ deletedBy }) => deletedBy !== undefined, 'the deletion');
      expect(item).toMatchObject({ text: '', reactions: [], pinned: false, bookmarked: false, edited: false, deletedBy: { name: 'bob' }, may: { edit: false, delete: false, pin: false } });
      expect(await person.session.versions(room, place)).toEqual([]);
      expect(await person.session.pins(room)).toEqual([]);
    }
    expect(await carol.session.bookmarks()).toEqual([]);
    expect(await carol.session.draft(room)).toMatchObject({ text: 'but', replyTo: undefined });
    expect((await summary(alice, room)).unread).toBe(before - 1);
    await carol.session.lock();
    expect(await wordsIn(carol, room)).not.toContain('canary');
    await carol.restart();
    await carol.session.saveDraft(room, { text: '' });
  });

  it('is an admin\'s to do, and nobody else\'s', async () => {
    const place = await write(bob, room, 'rude');
    for (const person of [alice, carol]) await person.session.catchUp();
    await expect(carol.session.deleteMessage(room, place)).rejects.toMatchObject({ code: 'not-allowed' });
    await alice.session.deleteMessage(room, place);
    expect(await shows(bob, room, place, ({ deletedBy }) => deletedBy !== undefined, 'the deletion')).toMatchObject({ sender: { name: 'bob' }, deletedBy: { name: 'alice' } });
  });

  it('of what has not left takes it back', async () => {
    await hub.relay.stop();
    const id = await bob.session.send(room, 'wait');
    await bob.session.deleteMessage(room, id);
    expect((await here(bob, room)).some(({ text }) => text === 'wait')).toBe(false);
    await hub.relay.restart();
    await settle([bob, carol], room);
    expect((await here(carol, room)).some(({ text }) => text === 'wait')).toBe(false);
  });
});

describe('a thread', () => {
  let root: MessagePlace;
  it('stands beside the room, and knows who wrote and how much', async () => {
    root = await write(alice, room, 'who brings what?');
    for (const person of [bob, carol]) await person.session.markRead(room);
    await bob.session.catchUp();
    await bob.session.markRead(room);
    const before = await summary(alice, room);
    await write(bob, room, 'bread', { thread: root });
    await carol.session.catchUp();
    await carol.session.markRead(room);
    await write(carol, room, 'soup', { thread: root });
    await alice.session.catchUp();
    expect((await here(alice, room, root)).map(({ text }) => text)).toEqual(['bread', 'soup']);
    expect((await here(alice, room)).map(({ text }) => text)).not.toContain('bread');
    const { thread } = await said(alice, room, 'who brings what?');
    expect(thread).toMatchObject({ replies: 2, followed: true, unread: 2, mentions: 0 });
    expect(names(thread?.writers ?? [])).toEqual(['carol', 'bob']);
    expect(await summary(alice, room)).toMatchObject({ unread: before.unread, threadsUnread: 2 });
    expect((await alice.session.threads()).map(({ root: { text }, unread }) => [text, unread])).toEqual([['who brings what?', 2]]);
  });

  it('is unread for those who follow it: who wrote in it, began it, or is named in it', async () => {
    await bob.session.catchUp();
    expect((await said(bob, room, 'who brings what?')).thread).toMatchObject({ followed: true, unread: 1 });
    const dana = (await alice.session.members(room)).find(({ name }) => name === 'carol');
    const other = await write(alice, room, 'the banner');
    await bob.session.catchUp();
    const outgoing = { text: '@carol paints?', thread: other, mentions: [{ start: 0, length: 6, member: dana?.id }] };
    await bob.session.delivered(room, await bob.session.send(room, outgoing));
    await carol.session.catchUp();
    expect((await said(carol, room, 'the banner')).thread).toMatchObject({ followed: true, unread: 1, mentions: 1 });
    expect(await summary(carol, room)).toMatchObject({ mentions: 1 });
    const inThread = await said(carol, room, '@carol paints?', other);
    expect(inThread).toMatchObject({ namesMe: true, mentions: [{ start: 0, length: 6, person: { name: 'carol' } }] });
    await carol.session.markReadTo(room, inThread.seq as number, other);
    expect(await summary(carol, room)).toMatchObject({ mentions: 0 });
    expect((await said(carol, room, 'the banner')).thread).toMatchObject({ unread: 0, mentions: 0 });
  });

  it('is left and followed by choice, and reactions, changes and deletions in it stay in it', async () => {
    await alice.session.followThread(room, root, false);
    expect(await summary(alice, room)).toMatchObject({ threadsUnread: 0 });
    await bob.session.catchUp();
    const bread = await placeOf(bob, room, 'bread', root);
    await bob.session.edit(room, bread, { text: 'bread and salt' });
    const item = await shows(alice, room, { ...bread, thread: root }, ({ text }) => text === 'bread and salt', 'the change');
    await alice.session.react(room, item.place as MessagePlace, '🍞', true);
    await shows(bob, room, { ...bread, thread: root }, ({ reactions }) => reactions.length === 1, 'the reaction');
    expect((await said(alice, room, 'who brings what?')).thread).toMatchObject({ followed: false, unread: 0 });
    await bob.session.pin(room, bread, true);
    await shows(alice, room, { ...bread, thread: root }, ({ pinned }) => pinned, 'the pin');
    expect((await alice.session.pins(room)).map(({ thread, item: pinned }) => [thread?.id, pinned.text])).toEqual([[root.id, 'bread and salt']]);
    await bob.session.deleteMessage(room, bread);
    await shows(alice, room, { ...bread, thread: root }, ({ deletedBy }) => deletedBy !== undefined, 'the deletion');
    expect((await said(alice, room, 'who brings what?')).thread?.replies).toBe(1);
  });
});

describe('what is unread', () => {
  it('counts what others wrote, and who is named; reading goes on and never back', async () => {
    for (const person of [alice, bob, carol]) {
      await person.session.catchUp();
      await person.session.markRead(room);
    }
    const one = await write(alice, room, 'one');
    await alice.session.delivered(room, await alice.session.send(room, { text: 'two @everybody', mentions: [{ start: 4, length: 10, member: undefined }] }));
    await alice.session.catchUp();
    expect(await summary(alice, room)).toMatchObject({ unread: 0, mentions: 0 });
    await bob.session.catchUp();
    expect(await summary(bob, room)).toMatchObject({ unread: 2, mentions: 1 });
    await bob.session.markReadTo(room, one.seq);
    expect(await summary(bob, room)).toMatchObject({ unread: 1, mentions: 1 });
    const two = await said(bob, room, 'two @everybody');
    expect(two.namesMe).toBe(true);
    await bob.session.markReadTo(room, two.seq as number);
    await bob.session.markReadTo(room, one.seq);
    expect(await summary(bob, room)).toMatchObject({ unread: 0, mentions: 0 });
    await bob.restart();
    expect(await summary(bob, room)).toMatchObject({ unread: 0, mentions: 0 });
  });
});

describe('the timeline', () => {
  it('is read from any place in both directions, and by date', async () => {
    const all = (await alice.session.timeline(room, { limit: 10_000 })).items;
    const middle = all[Math.floor(all.length / 2)]?.seq as number;
    const after = await alice.session.timeline(room, { after: middle, limit: 3 });
    const at = all.findIndex(({ seq }) => seq === middle);
    expect(after.items.map(({ seq }) => seq)).toEqual(all.slice(at + 1, at + 4).map(({ seq }) => seq));
    expect(after.more).toBe(true);
    expect((await alice.session.timeline(room, { after: all.at(-2)?.seq as number })).more).toBe(false);
    const one = await said(alice, room, 'one');
    expect(await alice.session.seqAt(room, one.at)).toBe(one.seq);
    expect(await alice.session.seqAt(room, 0)).toBe((await here(alice, room))[0]?.seq);
    expect(await alice.session.seqAt(room, Date.now() + 1_000_000)).toBeUndefined();
    const wanted = [one.seq as number, 999_999];
    expect((await alice.session.itemsAt(room, wanted)).map(({ text }) => text)).toEqual(['one']);
  });
});

describe('forwarding, and what was begun', () => {
  it('brings a text to other rooms, without whom it named', async () => {
    const elsewhere = await roomOf([alice, bob], 'Elsewhere');
    await alice.session.forward(room, (await said(alice, room, 'two @everybody')).place as MessagePlace, [elsewhere]);
    await settle([alice, bob], elsewhere);
    expect(await said(bob, elsewhere, 'two @everybody')).toMatchObject({ forwarded: true, mentions: [], namesMe: false });
  });

  it('keeps what was begun over a restart, for the room and for each thread, until it is sent', async () => {
    const root = await placeOf(carol, room, 'who brings what?');
    await carol.session.saveDraft(room, { text: 'I wanted to', replyTo: root });
    await carol.session.saveDraft(room, { text: 'cake', thread: root });
    await carol.restart();
    expect(await carol.session.draft(room)).toMatchObject({ text: 'I wanted to', replyTo: { text: 'who brings what?' } });
    expect((await summary(carol, room)).draft).toBe('I wanted to');
    expect((await carol.session.draft(room, root))?.text).toBe('cake');
    await carol.session.send(room, { text: 'cake', thread: root });
    expect(await carol.session.draft(room, root)).toBeUndefined();
    await carol.session.saveDraft(room, { text: '' });
    expect(await carol.session.draft(room)).toBeUndefined();
  });
});

describe('light words', () => {
  let live: Hub;
  let [ana, ben] = [] as unknown as [TestPerson, TestPerson];
  let stairs: RoomId;
  beforeAll(async () => {
    live = await hubOf(['ana', 'ben'], { ana: { live: true }, ben: { live: true } });
    [ana, ben] = live.people as [TestPerson, TestPerson];
    stairs = await roomOf(live.people);
    for (const person of live.people) await until(async () => (await person.session.overview()).connection === 'online', `${person.name} to be online`);
  }, 120_000);
  afterAll(() => live.end());

  it('leave only where they are wanted, are not kept, and make nothing unread', async () => {
    await ben.session.markRead(stairs);
    const before = (await here(ben, stairs)).length;
    await ana.session.nowTyping(stairs);
    await settle([ana, ben], stairs);
    expect(await ben.session.typing(stairs), 'she did not choose it').toEqual([]);
    await ana.session.setChoices(stairs, { typing: true });
    await ana.session.nowTyping(stairs);
    await ana.session.nowTyping(stairs);
    await until(async () => names(await ben.session.typing(stairs)).includes('ana'), 'ben to see her writing');
    expect((await here(ben, stairs)).length).toBe(before + 2);
    await write(ana, stairs, 'there');
    await until(async () => (await ben.session.typing(stairs)).length === 0, 'her message to end it');
    await ana.session.setQuiet(stairs, true);
    await until(async () => (await summary(ana, stairs)).quiet, 'the room to be quiet');
    expect(await ana.session.typing(stairs)).toEqual([]);
    await ana.session.setQuiet(stairs, false);
    await until(async () => !(await summary(ben, stairs)).quiet, 'the room to be as it was');
  });

  it('say how far one has read, where both show it', async () => {
    const place = await write(ana, stairs, 'have you seen it?');
    await ana.session.setChoices(stairs, { receipts: true });
    await shows(ben, stairs, place, () => true, 'the question');
    await ben.session.setChoices(stairs, { receipts: true });
    await ben.session.markRead(stairs);
    const item = await shows(ana, stairs, place, ({ readBy }) => readBy.length > 0, 'who has read it');
    expect(names(item.readBy)).toEqual(['ben']);
    await ana.restart();
    expect(names((await said(ana, stairs, 'have you seen it?')).readBy)).toEqual(['ben']);
    await ana.session.setChoices(stairs, { receipts: false });
    expect((await said(ana, stairs, 'have you seen it?')).readBy).toEqual([]);
  });
});

/** Everything the vault of a locked device says about messages of a room, as text. */
async function wordsIn(person: TestPerson, id: RoomId): Promise<string> {
  const vault = await person.home.open(PASSPHRASE);
  const collections = ['messages', 'notes', 'pins', 'bookmarks', 'drafts', 'search'] as const;
  const values = (await Promise.all(collections.map((collection) => vault.all(collection)))).flat().filter(({ scope }) => scope.startsWith(id)).map(({ value }) => value);
  await vault.close();
  return values.map((value) => new TextDecoder().decode(value)).join('\n');
}
