/** Alice, who founded the hub, makes a board; Rosa coordinates it with her; Bob and Carol read it. Over a real relay. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Announcement, AnnouncementText, BoardId } from '#core/session/api.ts';
import { announce, announcementsFor, boardOf, catchUp, saying, subscribe, titlesFor, toDesk } from '../harness/boards.ts';
import { type Hub, hubOf } from '../harness/hub-story.ts';
import { Line } from '../harness/line.ts';
import { memoryVaultHome, type MemoryVaultHome } from '../harness/memory-vault.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';

let hub: Hub;
let alice: TestPerson, rosa: TestPerson, bob: TestPerson, carol: TestPerson;
let board: BoardId;
beforeAll(async () => {
  hub = await hubOf(['alice', 'rosa', 'bob', 'carol']);
  [alice, rosa, bob, carol] = hub.people as [TestPerson, TestPerson, TestPerson, TestPerson];
});
afterAll(() => hub.end());

const memberOf = async (person: TestPerson): Promise<string> => (await person.session.overview()).me?.id as string;
const readBy = (person: TestPerson) => announcementsFor(person, board);
const titles = (person: TestPerson) => titlesFor(person, board);
const summary = (person: TestPerson) => boardOf(person, board);
const subscribed = (person: TestPerson) => subscribe(person, board, alice, rosa);
const announced = (by: TestPerson, text: AnnouncementText) => announce(by, board, text);

describe('a board', () => {
  it('is made by a steward, and seen by everybody in the hub', async () => {
    await expect(bob.session.createBoard('Mine')).rejects.toMatchObject({ code: 'not-allowed' });
    board = await alice.session.createBoard('City news');
    await catchUp(bob);
    expect(await summary(bob)).toMatchObject({ name: 'City news', reading: 'no', joining: 'open', desk: undefined });
    expect(await summary(alice)).toMatchObject({ reading: 'yes', desk: { readers: 1, keepsEntry: true, mayAnnounce: true } });
  });

  it('is read by whoever subscribes, from then on', async () => {
    await announced(alice, saying('Before anybody came'));
    await subscribed(bob);
    await subscribed(carol);
    await announced(alice, saying('Rent strike on Monday', { priority: 'urgent' }));
    for (const reader of [bob, carol]) {
      expect(await titles(reader)).toEqual(['Rent strike on Monday']);
      expect((await summary(reader))?.unread).toBe(1);
    }
    const [item] = await readBy(bob);
    expect(item).toMatchObject({ priority: 'urgent', read: false, wordings: [{ language: 'en', body: 'Rent strike on Monday, in full' }] });
    await bob.session.markAnnouncementRead(board, item?.id as string);
    expect((await summary(bob))?.unread).toBe(0);
    expect((await summary(alice))?.desk?.readers).toBe(3);
  });

  it('survives a restart of everybody, and nothing comes twice', async () => {
    for (const person of [alice, bob]) await person.restart();
    await announced(alice, saying('After the restart'));
    expect(await titles(bob)).toEqual(['After the restart', 'Rent strike on Monday']);
  });

  it('is coordinated by whoever comes to its desk', async () => {
    await expect(rosa.session.announce(board, saying('Too early'))).rejects.toMatchObject({ code: 'not-allowed' });
    await toDesk(alice, rosa, board);
    await announced(rosa, saying('Rosa is here'));
    expect((await titles(bob))[0]).toBe('Rosa is here');
    expect((await summary(rosa))?.desk?.readers).toBe(4);
  });

  it('corrects, pins and withdraws what was announced, for all to see', async () => {
    const [item] = await readBy(rosa);
    const id = item?.id as string;
    await rosa.session.correct(board, id, saying('Rosa is there'), 'there, not here');
    await until(async () => (await readBy(bob))[0]?.corrected !== undefined, 'the correction');
    expect((await readBy(bob))[0]).toMatchObject({ id, wordings: [{ title: 'Rosa is there' }], corrected: { note: 'there, not here' } });
    expect((await bob.session.versionsOf(board, id)).map(({ text }) => text.wordings[0]?.title)).toEqual(['Rosa is here']);
    const first = (await readBy(bob)).at(-1) as Announcement;
    await catchUp(alice);
    await alice.session.pinAnnouncement(board, first.id, true);
    await until(async () => (await readBy(bob))[0]?.id === first.id, 'the pinned one to come first');
    await alice.session.withdrawAnnouncement(board, id, 'wrong board');
    await until(async () => (await readBy(bob)).find((one) => one.id === id)?.withdrawn !== undefined, 'it to be withdrawn');
    expect((await readBy(bob)).find((one) => one.id === id)?.withdrawn).toMatchObject({ note: 'wrong board' });
  });

  it('counts what readers answer, for the coordinators; readers see numbers', async () => {
    const event = { beginsAt: Date.now() + 86_400_000, endsAt: 0, zone: 'Europe/Madrid', place: 'Town hall', map: '', answers: true, shifts: [{ name: 'Door', beginsAt: 0, endsAt: 0, capacity: 1 }] };
    const poll = { question: 'Tea or coffee?', choices: ['Tea', 'Coffee'], several: false, closesAt: 0 };
    const id = await announced(alice, saying('Assembly', { event, poll, acknowledge: true }));
    await catchUp(bob, carol);
    await bob.session.answer(board, id, { coming: 'yes', votes: [1], shifts: [0], acknowledged: true }, 'Bob');
    await bob.session.catchUp();
    await until(async () => (await catchUp(bob, alice), (await alice.session.tally(board, id)).coming === 1), 'Bob’s answer');
    await carol.session.answer(board, id, { coming: 'maybe', votes: [0, 1], shifts: [0] });
    await until(async () => (await catchUp(carol, alice, rosa), (await alice.session.tally(board, id)).maybe === 1), 'Carol’s answer');
    await bob.session.answer(board, id, { votes: [0] });
    await until(async () => (await catchUp(bob, alice, rosa), (await alice.session.tally(board, id)).chosen[0] === 2), 'Bob’s change of mind');
    const tally = { acknowledged: 1, coming: 1, maybe: 1, notComing: 0, chosen: [2, 0], voters: 2, taken: [1] };
    expect(await alice.session.tally(board, id)).toEqual(tally);
    expect(await rosa.session.tally(board, id)).toEqual(tally);
    await expect(bob.session.tally(board, id)).rejects.toMatchObject({ code: 'not-allowed' });
    expect((await alice.session.namedAnswers(board, id)).map(({ name }) => name)).toEqual([]);
    await alice.session.postTotals(board, id);
    await until(async () => (await readBy(carol))[0]?.totals !== undefined || (await readBy(carol)).some(({ totals }) => totals !== undefined), 'the totals');
    const seen = async (person: TestPerson) => (await readBy(person)).find((one) => one.id === id);
    expect((await seen(bob))?.answer).toMatchObject({ coming: 'yes', votes: [0], shifts: [0], full: [] });
    expect((await seen(carol))?.answer).toMatchObject({ full: [0] });
    expect((await seen(carol))?.totals).toEqual(tally);
  });

  it('opens a new era without those who were removed; they read nothing newer', async () => {
    await alice.session.removeReaders(board, [await memberOf(carol)]);
    await until(async () => (await catchUp(...hub.people), (await summary(carol))?.reading === 'removed'), 'carol to be out');
    await announced(rosa, saying('Without Carol'));
    expect((await titles(bob)).includes('Without Carol')).toBe(true);
    expect((await titles(carol)).includes('Without Carol')).toBe(false);
    expect((await summary(alice))?.desk?.readers).toBe(3);
    // Asking again tells her nothing.
    await carol.session.subscribeBoard(board);
    await catchUp(carol, alice, rosa, carol);
    expect((await summary(carol))?.reading).toBe('asked');
  });

  it('gets new keys for everybody when a coordinator leaves the desk, who neither announces nor reads on', async () => {
    const desk = (await summary(alice))?.desk?.room as string;
    await alice.session.removeMember(desk, await memberOf(rosa));
    await until(async () => (await catchUp(...hub.people), (await summary(rosa))?.reading === 'removed'), 'rosa to be out', 30_000);
    await expect(rosa.session.announce(board, saying('Still here'))).rejects.toMatchObject({ code: 'not-allowed' });
    await announced(alice, saying('Without Rosa'));
    expect((await titles(bob))[0] === 'Without Rosa' || (await titles(bob)).includes('Without Rosa')).toBe(true);
    expect(await titles(rosa)).not.toContain('Without Rosa');
    // The next era is opened by keys she was never given.
    await alice.session.removeReaders(board, [await memberOf(carol)]);
    await announced(alice, saying('In the era after'));
    expect(await titles(bob)).toContain('In the era after');
    expect(await titles(rosa)).not.toContain('In the era after');
  });

  it('asks for two signatures where it was made so, and sends what is due at its time, from whichever coordinator is there', async () => {
    board = await alice.session.createBoard('Two of us', { signatures: 2, joining: 'approved' });
    await toDesk(alice, rosa, board);
    await catchUp(bob);
    await bob.session.subscribeBoard(board);
    await until(async () => (await catchUp(bob, alice), (await alice.session.readerRequests(board)).length === 1), 'bob to ask');
    const [request] = await alice.session.readerRequests(board);
    expect(request).toMatchObject({ name: 'bob' });
    await alice.session.admitReader(board, request?.member as string);
    await until(async () => (await catchUp(alice, bob), (await summary(bob))?.reading === 'yes'), 'bob to be let in');

    const draft = await alice.session.saveBoardDraft(board, saying('Half a thought'));
    await until(async () => (await catchUp(alice, rosa), (await rosa.session.boardDrafts(board)).length === 1), 'rosa to see the draft');
    const id = await alice.session.announce(board, saying('A whole one'), { draft });
    await until(async () => (await catchUp(alice, rosa), (await rosa.session.proposals(board)).length === 1), 'rosa to see what waits');
    expect((await rosa.session.boardDrafts(board))).toEqual([]);
    expect(await titles(bob)).toEqual([]);
    expect((await rosa.session.proposals(board))[0]).toMatchObject({ id, missing: 1, maySign: true });
    await rosa.session.sign(board, id);
    await until(async () => (await catchUp(rosa, alice), (await titles(bob)).length === 1), 'it to be announced once both have signed', 30_000);
    expect(await titles(bob)).toEqual(['A whole one']);
    await until(async () => (await catchUp(rosa, alice), (await alice.session.proposals(board)).length + (await rosa.session.proposals(board)).length === 0), 'nothing to wait any more');
  });

  it('what is scheduled is sent at its time by another coordinator, while whoever wrote it is away', async () => {
    board = await alice.session.createBoard('Night line');
    await toDesk(alice, rosa, board);
    await subscribed(bob);
    const id = await rosa.session.announce(board, saying('At midnight'), { publishAt: Date.now() + 3_000 });
    await until(async () => (await catchUp(rosa, alice), (await alice.session.proposals(board)).length === 1), 'alice to know of it');
    await rosa.session.close();
    expect(await titles(bob)).toEqual([]);
    await until(async () => (await catchUp(alice), (await titles(bob)).length === 1), 'alice’s device to send it', 30_000);
    await rosa.restart();
    await until(async () => (await catchUp(rosa, alice), (await rosa.session.proposals(board)).length === 0), 'rosa to see that it is out');
    expect((await readBy(bob)).map((one) => one.id)).toEqual([id]);
  });
});

it('an announcement whose answer was lost is sent again after a crash, and read once', async () => {
  const line = new Line();
  const other = await hubOf(['alice', 'bob'], { alice: { relayAt: line.relayAt, home: memoryVaultHome() } });
  const [writer, reader] = other.people as [TestPerson, TestPerson];
  const news = await writer.session.createBoard('News');
  await subscribe(reader, news, writer);
  // It arrives; its answer does not.
  line.losing = 'replies';
  await writer.session.announce(news, saying('Once'));
  await until(async () => (await titlesFor(reader, news)).length === 1, 'it to arrive');
  (writer.home as MemoryVaultHome).crash();
  line.losing = undefined;
  const again = await TestPerson.arrive('alice', { home: writer.home, relayAt: line.relayAt });
  await again.session.unlock(PASSPHRASE);
  await until(async () => (await titlesFor(again, news)).length === 1, 'the writer to see it');
  await announce(again, news, saying('Twice'));
  expect(await titlesFor(reader, news)).toEqual(['Twice', 'Once']);
  await Promise.all([again.session.lock(), reader.session.lock()]);
  await other.relay.stop();
});
