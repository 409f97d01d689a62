/** The contract of `thicket board …`: what each command asks of the engine and prints, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CliFailure } from './failure.ts';
import { announcement, board, desk, FakeHub, person, text } from './testing/fake-session.ts';

const CITY = '1'.repeat(32);
const DAY = 86_400_000;
const bob = person('Bob', 'b');
const event = { beginsAt: Date.UTC(2026, 4, 1, 16), endsAt: 0, zone: 'Europe/Madrid', place: 'Town hall', map: '', answers: true, shifts: [{ name: 'Door', beginsAt: 0, endsAt: 0, capacity: 1 }] };
const poll = { question: 'Tea or coffee?', choices: ['Tea', 'Coffee'], several: false, closesAt: 0 };
let hub: FakeHub;
let folder: string;
beforeEach(() => {
  hub = new FakeHub();
  hub.people = [bob, person('Bo', 'c')];
  hub.boardList = [board('City', '1', { desk: desk() }), board('Village', '2'), board('Twin', '3'), board('Twin', '4'), board('Old', '5', { closed: true }), board('Old', '6')];
  folder = mkdtempSync(join(tmpdir(), 'thicket-boards-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const said = (call: string): string[] => hub.log.filter((line) => line.startsWith(`${call} `));
const file = (content: unknown): string => {
  const path = join(folder, 'text.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('a board on the command line', () => {
  test('is shown with what it is to this person', async () => {
    const { out } = await hub.run(['boards']);
    expect(out).toContain('11111111  City  (subscribed, yours to coordinate: 3 read it)');
    expect((await hub.run(['--json', 'boards'])).objects[1]).toEqual({ id: '2'.repeat(32), name: 'Village', reading: 'yes', unread: 0, joining: 'open', listed: true, signatures: 1, closed: false, urgentAnytime: false });
  });

  test('is made with its rules', async () => {
    await hub.run(['board', 'create', 'News', '--unlisted', '--approval', '--two']);
    await hub.run(['board', 'create', 'News']);
    expect(said('createBoard')).toEqual(['createBoard News {"listed":false,"joining":"approved","signatures":2}', 'createBoard News {"listed":true,"joining":"open","signatures":1}']);
  });

  test('is found by a name that is unique, and else by its id', async () => {
    for (const typed of ['Village', '22222222', '2'.repeat(32)]) expect((await hub.run(['--json', 'board', 'leave', typed])).objects).toMatchObject([{ id: '2'.repeat(32) }]);
    expect((await hub.run(['--json', 'board', 'leave', 'Old'])).objects).toMatchObject([{ id: '6'.repeat(32) }]);
    const twin = await hub.run(['--json', 'board', 'leave', 'Twin']);
    expect([twin.code, JSON.parse(twin.err)]).toEqual([6, expect.objectContaining({ error: 'ambiguous-board' })]);
    expect((await hub.run(['board', 'leave', '2222'])).code).toBe(6);
  });

  test('has a link, is opened by one, subscribed to and closed', async () => {
    expect((await hub.run(['board', 'link', 'City'])).out).toBe('https://hub/#b\n');
    expect((await hub.run(['--json', 'board', 'open', 'https://hub/#b'])).objects).toEqual([{ id: CITY, name: 'City' }]);
    expect((await hub.run(['--json', 'board', 'subscribe', 'Village'])).objects).toEqual([{ id: '2'.repeat(32), name: 'Village', reading: 'yes' }]);
    await hub.run(['board', 'urgent', 'City', 'on']);
    await hub.run(['board', 'close', 'City']);
    expect([said('subscribeBoard'), said('setUrgentAnytime'), said('closeBoard')]).toEqual([[`subscribeBoard ${'2'.repeat(32)}`], [`setUrgentAnytime ${CITY} true`], [`closeBoard ${CITY}`]]);
    expect((await hub.run(['board', 'urgent', 'City', 'perhaps'])).code).toBe(2);
  });
});

describe('reading a board', () => {
  test('shows the oldest first, marks what is new as read, and gives scripts what --from takes', async () => {
    hub.announced = [announcement(9, 'Second', { read: false, bot: 'Bell' }), announcement(5, 'First', { event, poll })];
    const { objects } = await hub.run(['--json', 'board', 'read', 'City']);
    expect(objects).toMatchObject([{ seq: 5, title: 'First', text: { event, poll } }, { seq: 9, title: 'Second', bot: 'Bell', read: false }]);
    expect(said('markAnnouncementRead')).toEqual([`markAnnouncementRead ${CITY} ${'00000009'.repeat(4)}`]);
    const path = file((objects[0] as { text: unknown }).text);
    expect((await hub.run(['board', 'announce', 'City', '--from', path])).code).toBe(0);
    expect(hub.lastText).toEqual(text('First', { event, poll }));
    expect((await hub.run(['--json', 'board', 'read', 'City', '--unread'])).objects).toHaveLength(1);
  });

  test('lets nothing of an announcement steer the terminal, nor pass itself off as another', async () => {
    hub.announced = [announcement(5, 'x\u001b[2J\ny', { wordings: [{ language: 'en', title: 'x\u001b[2J\ny', body: 'one\n00000006  Forged\u202e' }] })];
    const { out } = await hub.run(['board', 'read', 'City']);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(out.trimEnd().split('\n').slice(1).every((line) => line.startsWith('    '))).toBe(true);
  });

  test('goes on with --follow, and shows again what was corrected', async () => {
    hub.announced = [announcement(5, 'First')];
    const stop = new AbortController();
    const reading = hub.run(['--json', 'board', 'read', 'City', '--follow'], { interrupted: stop.signal });
    await vi.waitFor(() => expect(said('announcements')).toHaveLength(1));
    hub.announced = [announcement(5, 'Mended', { corrected: { at: 1, note: 'a word' } }), announcement(9, 'Second')];
    hub.emit({ changed: 'announcements', board: '2'.repeat(32) });
    hub.emit({ changed: 'announcements', board: CITY });
    await vi.waitFor(() => expect(said('announcements')).toHaveLength(2));
    stop.abort();
    expect(await reading).toMatchObject({ code: 0, objects: [{ title: 'First' }, { title: 'Mended', corrected: { note: 'a word' } }, { title: 'Second' }] });
  });

  test('takes the vault over when the command that lent it ends, and shows nothing twice', async () => {
    hub.announced = [announcement(5, 'First')];
    const stop = new AbortController();
    const home = {
      fresh: async () => hub.session(), share: async () => async () => undefined,
      unlocked: async () => {
        hub.failing.clear();
        return { session: hub.session(), borrowed: true };
      },
    };
    const reading = hub.run(['--json', 'board', 'read', 'City', '--follow'], { interrupted: stop.signal, home });
    await vi.waitFor(() => expect(said('announcements')).toHaveLength(1));
    hub.failing.set('announcements', new CliFailure('host-gone'));
    hub.announced.push(announcement(9, 'Second'));
    hub.emit({ changed: 'rooms' });
    await vi.waitFor(() => expect(said('announcements')).toHaveLength(3));
    stop.abort();
    expect(await reading).toMatchObject({ code: 0, objects: [{ title: 'First' }, { title: 'Second' }] });
  });

  test('answers by the numbers people see, and only what is asked', async () => {
    hub.announced = [announcement(5, 'Assembly', { event, poll })];
    expect((await hub.run(['--json', 'board', 'answer', 'City', '5', '--coming', 'maybe', '--vote', '2', '--shift', 'none', '--read', '--name', 'Alice'])).objects)
      .toEqual([{ id: '00000005'.repeat(4), acknowledged: true, votes: [1], shifts: [], coming: 'maybe' }]);
    expect(said('answer')).toEqual([`answer ${CITY} ${'00000005'.repeat(4)} {"acknowledged":true,"votes":[1],"shifts":[],"coming":"maybe"} Alice`]);
    for (const wrong of [['--coming', 'perhaps'], ['--vote', '3'], ['--vote', '0'], ['--vote', '1', '--vote', '2'], ['--shift', '2'], []]) {
      expect((await hub.run(['board', 'answer', 'City', '5', ...wrong])).code).toBe(2);
    }
    expect((await hub.run(['board', 'answer', 'City', '6', '--read'])).code).toBe(6);
    expect(said('answer')).toHaveLength(1);
  });
});

describe('announcing', () => {
  test('takes flags, and standard input for the body', async () => {
    const { objects } = await hub.run(['--json', 'board', 'announce', 'City', '--title', 'Assembly', '--body', '-', '--language', 'es', '--priority', 'urgent', '--pin', '--acknowledge',
      '--begin', '2026-05-01T18:00', '--zone', 'Europe/Madrid', '--place', 'Town hall', '--shift', 'Door:1', '--poll', 'Tea or coffee?', '--choice', 'Tea', '--choice', 'Coffee'], { lines: ['Come', 'all'] });
    expect(objects).toEqual([{ id: '00000101'.repeat(4), seq: 101, announced: true }]);
    expect(hub.lastText).toEqual(text('', { wordings: [{ language: 'es', title: 'Assembly', body: 'Come\nall' }], priority: 'urgent', pinned: true, acknowledge: true, event, poll }));
    await hub.run(['board', 'announce', 'City', '--title', 'T', '--expires', '1d']);
    expect(Math.abs((hub.lastText?.expiresAt ?? 0) - Date.now() - DAY)).toBeLessThan(60_000);
  });

  test.each<[string[], string]>([
    [[], '--title is missing'],
    [['--body', 'T'], '--title is missing'],
    [['--title', 'T', '--choice', 'A'], '--poll is missing'],
    [['--title', 'T', '--poll', 'Q', '--choice', 'A'], 'two choices'],
    [['--title', 'T', '--place', 'Here'], '--begin is missing'],
    [['--title', 'T', '--from', 'x.json'], '--title stands in the file'],
    [['--title', 'T', '--event', 'x.json', '--zone', 'UTC'], '--zone stands in the file'],
    [['--title', 'T', '--priority', 'dire'], 'normal, important, urgent'],
    [['--title', 'T', '--expires', 'soon'], '--expires is a time'],
    [['--title', 'T', '--begin', '2026-02-30T10:00'], '--begin is a time'],
    [['--title', 'T', '--begin', '1d', '--zone', 'Madrid'], '--zone is a time zone'],
    [['--title', 'T', '--bot'], 'is no bot of this board'],
    [['--from', '/nowhere'], 'cannot be read'],
  ])('%j is refused, and says why', async (flags, why) => {
    const { code, err } = await hub.run(['board', 'announce', 'City', ...flags]);
    expect(code).toBe(flags.includes('--bot') ? 3 : 2);
    expect(err).toContain(why);
    expect(said('announce')).toEqual([]);
  });

  test.each<[unknown, string]>([
    ['{', 'is no JSON'],
    [[], 'is no object'],
    [{ wordings: [] }, 'wordings has nothing in it'],
    [{ wordings: [{ language: 'en' }] }, 'wordings[0].title is missing'],
    [{ wordings: [{ language: 'en', title: 'T' }], colour: 'red' }, 'knows no “colour”'],
    [{ wordings: [{ language: 'en', title: 'T' }], pinned: 'yes' }, 'pinned is neither'],
    [{ wordings: [{ language: 'en', title: 'T' }], expiresAt: -1 }, 'expiresAt is no whole number'],
    [{ wordings: [{ language: 'en', title: 'T' }], event: { zone: 'UTC' } }, 'event.beginsAt is missing'],
    [{ wordings: [{ language: 'en', title: 'T' }], poll: { question: 'Q', choices: ['A', 2] } }, 'poll.choices[1] is no text'],
    [{ wordings: [{ language: 'en', title: 'T' }], files: [{ name: 'x' }] }, 'files[0].handle is missing'],
  ])('a file with %j is refused', async (content, why) => {
    const { code, err } = await hub.run(['board', 'announce', 'City', '--from', file(content)]);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  test('says who sends what is due later, and what if nobody is there', async () => {
    const publishAt = Date.now() + DAY;
    hub.proposed = [{ board: CITY, id: '00000101'.repeat(4), what: 'announcement', text: undefined, note: '', by: bob, signedBy: [bob], missing: 0, publishAt, maySign: false, late: false }];
    const { out } = await hub.run(['board', 'announce', 'City', '--title', 'T', '--at', '1d']);
    expect(out).toContain('If none is there, it goes late: with the first that comes back.');
    expect(said('announce')[0]).toMatch(/"publishAt":\d{13}/);
    hub.seq = 100;
    hub.proposed = hub.proposed.map((one) => ({ ...one, missing: 1, publishAt: 0 }));
    expect((await hub.run(['--json', 'board', 'announce', 'City', '--title', 'T'])).objects).toEqual([{ id: '00000101'.repeat(4), announced: false, missing: 1, publishAt: 0 }]);
  });

  test('is for coordinators the bulletin names; a bot announces under its name and does nothing else', async () => {
    expect((await hub.run(['board', 'announce', 'Village', '--title', 'T'])).code).toBe(3);
    hub.boardList = [board('City', '1', { desk: desk({ mayAnnounce: false }) })];
    const early = await hub.run(['--json', 'board', 'announce', 'City', '--title', 'T']);
    expect([early.code, JSON.parse(early.err)]).toEqual([3, expect.objectContaining({ error: 'not-named' })]);
    hub.boardList = [board('City', '1', { desk: desk() })];
    hub.bots = [{ name: 'Bell', member: 'a'.repeat(64) }];
    hub.announced = [announcement(5, 'First')];
    await hub.run(['board', 'announce', 'City', '--title', 'T']);
    expect(said('announce')[0]).toContain('{"bot":true}');
    const withdrawn = await hub.run(['--json', 'board', 'withdraw', 'City', '5']);
    expect([withdrawn.code, JSON.parse(withdrawn.err)]).toEqual([3, expect.objectContaining({ error: 'bot-only-announces' })]);
  });

  test('goes on from a draft, and keeps and throws away drafts', async () => {
    hub.drafts = [{ board: CITY, id: 'c'.repeat(32), text: text('Begun'), by: bob, at: 5 }];
    await hub.run(['board', 'announce', 'City', '--draft', 'cccccccc']);
    expect([hub.lastText, said('announce')[0]]).toEqual([text('Begun'), expect.stringContaining(`{"draft":"${'c'.repeat(32)}"}`)]);
    await hub.run(['board', 'draft', 'City', '--title', 'Anew', '--draft', 'cccccccc']);
    await hub.run(['board', 'discard', 'City', 'cccccccc']);
    expect(said('saveBoardDraft')).toEqual([expect.stringMatching(/"Anew".* c{32}$/), expect.stringMatching(/c{32}$/)]);
    expect((await hub.run(['--json', 'board', 'drafts', 'City'])).objects).toMatchObject([{ title: 'Begun', by: 'Bob' }]);
    expect((await hub.run(['board', 'announce', 'City', '--draft', 'dddddddd'])).code).toBe(6);
  });

  test('corrects, withdraws and pins, and waits until it shows', async () => {
    hub.announced = [announcement(5, 'First', { pinned: true })];
    const id = '00000005'.repeat(4);
    const withdrawing = hub.run(['board', 'withdraw', 'City', '5', '--note', 'wrong']);
    await vi.waitFor(() => expect(said('withdrawAnnouncement')).toEqual([`withdrawAnnouncement ${CITY} ${id} wrong`]));
    hub.announced = [announcement(5, 'First', { withdrawn: { at: 1, note: 'wrong' } })];
    expect((await withdrawing).out).toContain('Withdrawn');
    const correcting = hub.run(['board', 'correct', 'City', '5', '--title', 'New', '--note', 'a word']);
    await vi.waitFor(() => expect(said('correct')).toHaveLength(1));
    hub.announced = [announcement(5, 'New', { corrected: { at: 1, note: 'a word' } })];
    expect((await correcting).code).toBe(0);
    expect((await hub.run(['board', 'pin', 'City', '5', 'off'])).code).toBe(0);
    expect(said('pinAnnouncement')).toEqual([`pinAnnouncement ${CITY} ${id} false`]);
    expect((await hub.run(['board', 'correct', 'City', '5', '--title', 'New'])).err).toContain('--note is missing');
  });
});

describe('the desk', () => {
  test('decides about who asks, and takes readers out by name', async () => {
    hub.asking = [{ board: CITY, member: 'e'.repeat(64), name: 'Eve', fingerprint: 'eeee eeee', at: 0 }];
    await hub.run(['board', 'admit', 'City', 'Eve']);
    await hub.run(['board', 'refuse', 'City', 'eeee eeee']);
    expect((await hub.run(['board', 'admit', 'City', 'Bob'])).code).toBe(6);
    expect([said('admitReader'), said('refuseReader')]).toEqual([[`admitReader ${CITY} ${'e'.repeat(64)}`], [`refuseReader ${CITY} ${'e'.repeat(64)}`]]);
    expect((await hub.run(['--json', 'board', 'remove', 'City', 'Bob', 'cccc cccc'])).objects).toMatchObject([{ removed: true, name: 'Bob' }, { removed: true, name: 'Bo' }]);
    expect(said('removeReaders')).toEqual([`removeReaders ${CITY} ["${'b'.repeat(64)}","${'c'.repeat(64)}"]`]);
    expect((await hub.run(['board', 'remove', 'City'])).err).toContain('MEMBER… is missing');
  });

  test('counts, shows who gave a name, and who signs', async () => {
    hub.announced = [announcement(5, 'Assembly', { event, poll, acknowledge: true })];
    expect((await hub.run(['board', 'tally', 'City', '5'])).out).toBe(
      '1 have said that they have read it.\nComing: 2 yes, 0 maybe, 0 no.\nShift 1, Door: 1 of 1\nChoice 1, Tea: 1 of 2\nChoice 2, Coffee: 1 of 2\n');
    expect((await hub.run(['board', 'answers', 'City', '5'])).out).toBe('Bob: coming: yes, choice 2\n');
    hub.proposed = [{ board: CITY, id: '9'.repeat(32), what: 'announcement', text: text('Waits'), note: '', by: bob, signedBy: [bob], missing: 1, publishAt: 0, maySign: true, late: false }];
    expect((await hub.run(['board', 'waiting', 'City'])).out).toContain('announcement: Waits  (Bob)  It waits for one more coordinator to sign it. You may sign it.');
    hub.proposed.push({ board: CITY, id: '8'.repeat(32), what: 'withdrawal', of: '00000005'.repeat(4), text: undefined, note: 'no hall', by: bob, signedBy: [bob], missing: 0, publishAt: 0, maySign: false, late: false });
    expect((await hub.run(['board', 'waiting', 'City'])).out).toContain('withdrawal: Assembly; no hall  (Bob)');
    await hub.run(['board', 'sign', 'City', '99999999']);
    await hub.run(['board', 'cancel', 'City', '99999999']);
    expect([said('sign'), said('cancelProposal')]).toEqual([[`sign ${CITY} ${'9'.repeat(32)}`], [`cancelProposal ${CITY} ${'9'.repeat(32)}`]]);
    for (const command of ['tally', 'answers', 'totals']) expect((await hub.run(['board', command, 'Village', '5'])).code).toBe(3);
  });
});
