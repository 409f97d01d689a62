/** Bob writes while Alice looks elsewhere: what she is told, what of it is taken back, and what it names. */
import i18next from 'i18next';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MessageItem, Person, RoomSummary, ThreadSummary } from '#core/session/api.ts';
import { en } from '../../i18n/en/index.ts';
import { askingInAll, countsOf, newsIn } from './news.ts';
import { Teller, type Means } from './teller.ts';
import { spokenOf, wordsOf } from './wording.ts';

const room = (over: Partial<RoomSummary> = {}) => ({ id: 'kitchen', name: 'Kitchen', notify: 'all', unread: 0, threadsUnread: 0, mentions: 0, ...over }) as RoomSummary;
const bob = { name: 'Bob', fingerprint: 'aaaa bbbb', isMe: false, ambiguous: false } as Person;
const said = (text: string, over: Partial<MessageItem> = {}) => ({ kind: 'message', sender: bob, text, mentions: [], namesMe: false, ...over }) as MessageItem;
const told = (before: RoomSummary[], now: RoomSummary[]) => newsIn(countsOf(before), now).tell.map(({ room: { id }, fresh }) => [id, fresh]);
const over = (before: RoomSummary[], now: RoomSummary[]) => newsIn(countsOf(before), now).over;

describe('what is new', () => {
  it('is a message more in a room of which one wants to hear all', () => {
    expect(told([room({ unread: 2 })], [room({ unread: 5 })])).toEqual([['kitchen', 3]]);
    expect(told([room()], [room({ threadsUnread: 1 })])).toEqual([['kitchen', 0]]);
    expect(told([], [room({ unread: 1 })])).toEqual([['kitchen', 1]]);
  });
  it('is nothing where nothing came', () => expect(told([room({ unread: 2 })], [room({ unread: 2 })])).toEqual([]));
  it('is only what names one, where one wants to hear only that', () => {
    expect(told([room({ notify: 'mentions' })], [room({ notify: 'mentions', unread: 4 })])).toEqual([]);
    expect(told([room({ notify: 'mentions' })], [room({ notify: 'mentions', unread: 4, mentions: 1 })])).toEqual([['kitchen', 4]]);
  });
  it('is nothing where one wants to hear nothing', () => expect(told([room({ notify: 'nothing' })], [room({ notify: 'nothing', unread: 4, mentions: 4 })])).toEqual([]));
  it('is not that one chose otherwise', () => expect(told([room({ notify: 'nothing', unread: 4 })], [room({ notify: 'all', unread: 4 })])).toEqual([]));
  it('is over when it was read or deleted, and when the room is gone', () => {
    expect(over([room({ unread: 3 })], [room({ unread: 2 })])).toEqual(['kitchen']);
    expect(over([room({ unread: 3 })], [room({ unread: 3, notify: 'nothing' })])).toEqual(['kitchen']);
    expect(over([room({ unread: 3 })], [])).toEqual(['kitchen']);
    expect(over([room({ unread: 3 })], [room({ unread: 4 })])).toEqual([]);
  });
  it('counts for the badge by the same choice', () =>
    expect(askingInAll([room({ unread: 2, threadsUnread: 1 }), room({ notify: 'mentions', unread: 9, mentions: 1 }), room({ notify: 'nothing', unread: 9, mentions: 9 })])).toBe(4));
});

describe('the words of it', async () => {
  const words = i18next.createInstance();
  await words.init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } });
  const line = (level: 'bare' | 'names' | 'text', message?: MessageItem) => wordsOf(level, room(), message, words.t);

  it('name nothing, or room and sender, or also the text', () => {
    const message = said('Meet **tonight**\n> at nine');
    expect(line('bare', message)).toEqual({ title: 'New message' });
    expect(line('names', message)).toEqual({ title: 'Kitchen', body: 'Bob' });
    expect(line('text', message)).toEqual({ title: 'Kitchen', body: 'Bob: Meet tonight at nine' });
  });
  it('say no text of what vanishes, none where there is none, and tell two Bobs apart', () => {
    expect(line('text', said('burn this', { vanishesAt: 5 }))).toEqual({ title: 'Kitchen', body: 'Bob' });
    expect(line('text', said(''))).toEqual({ title: 'Kitchen', body: 'Bob sent a file' });
    expect(line('text')).toEqual({ title: 'Kitchen', body: 'New message' });
    expect(line('names', said('x', { sender: { ...bob, ambiguous: true } }))).toEqual({ title: 'Kitchen', body: 'Bob (aaaa bbbb)' });
  });
  it('say of a mention that it is one, and of what stands in a thread that it does', () => {
    const place = { id: 'a', sender: 'b', seq: 9, thread: { id: 'r', sender: 'b', seq: 1 } };
    const [mention, inThread, both] = [said('Come', { namesMe: true }), said('Come', { place }), said('Come', { place, namesMe: true })];
    expect([mention, inThread, both].map((message) => line('names', message).body)).toEqual(['Bob mentioned you', 'Bob, in a thread', 'Bob mentioned you']);
    expect([mention, inThread, both].map((message) => line('text', message).body)).toEqual(['Bob mentioned you: Come', 'Bob, in a thread: Come', 'Bob mentioned you: Come']);
    expect(line('bare', both)).toEqual({ title: 'New message' });
    expect(line('text', { ...both, vanishesAt: 5 }).body).toBe('Bob mentioned you');
  });
  it('are of the newest that is new, from somebody else, and of one that names me where only those are told', () => {
    const own = said('mine', { sender: { ...bob, isMe: true } });
    const items = [said('old'), said('hello me', { namesMe: true }), said('newest'), own];
    expect(spokenOf({ room: room(), fresh: 2 }, items)?.text).toBe('newest');
    expect(spokenOf({ room: room({ notify: 'mentions' }), fresh: 2 }, items)?.text).toBe('hello me');
    expect(spokenOf({ room: room({ notify: 'mentions' }), fresh: 1 }, items)).toBeUndefined();
    expect(spokenOf({ room: room(), fresh: 0 }, items)).toBeUndefined();
  });
});

describe('the teller', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  function meet(more: Partial<Means> = {}) {
    const shown: { tag: string; aloud: boolean }[] = [];
    const takeAway = vi.fn(async () => undefined);
    let tags = 0;
    const teller = new Teller({
      session: { timeline: () => Promise.reject(new Error('not to be read')), threads: () => Promise.reject(new Error('not to be read')) }, isLookedAt: async () => false, words: () => ({ title: 'New message' }), reads: false,
      show: async (tag, _words, aloud) => void shown.push({ tag, aloud }), takeAway, newTag: () => `tag${(tags += 1)}`, now: () => Date.now(), ...more,
    });
    const look = async (...rooms: RoomSummary[]) => {
      teller.look(rooms);
      await vi.advanceTimersByTimeAsync(1100);
    };
    return { teller, look, shown, takeAway };
  }

  it('tells nothing of what was unread at first; one notification for a room, silent when it follows at once', async () => {
    const { teller, look, shown } = meet();
    await look(room({ unread: 7 }));
    expect(shown).toEqual([]);
    await look(room({ unread: 8 }));
    await look(room({ unread: 9 }));
    await vi.advanceTimersByTimeAsync(40_000);
    await look(room({ unread: 10 }));
    expect(shown).toEqual([{ tag: 'tag1', aloud: true }, { tag: 'tag1', aloud: false }, { tag: 'tag1', aloud: true }]);
    expect([teller.roomOf('tag1'), teller.roomOf('kitchen')]).toEqual(['kitchen', undefined]);
  });
  it('reads in the thread what is new there, and in the room what is new in the room', async () => {
    const root = said('root', { place: { id: 'r', sender: 'b', seq: 1 } });
    const told: (string | undefined)[] = [];
    const { look } = meet({
      reads: true,
      words: (_, message) => (told.push(message?.text), { title: 'New message' }),
      session: {
        threads: async () => [{ room: 'hall', root: said('no', { place: { id: 'x', sender: 'b', seq: 2 } }), unread: 4, lastAt: 9 }, { room: 'kitchen', root, unread: 1, lastAt: 5 }] as ThreadSummary[],
        timeline: async (_, options) => ({ items: [options?.thread?.id === 'r' ? said('in the thread', { namesMe: true }) : said('in the room')], more: false }),
      },
    });
    await look(room());
    await look(room({ threadsUnread: 1 }));
    await look(room({ threadsUnread: 1, unread: 1 }));
    await look(room({ notify: 'mentions', threadsUnread: 2, unread: 2, mentions: 1 }));
    expect(told).toEqual(['in the thread', 'in the room', 'in the thread']);
  });
  it('tells nothing while somebody looks, and nothing later of what came meanwhile', async () => {
    let looks = true;
    const { look, shown } = meet({ isLookedAt: async () => looks });
    await look(room());
    await look(room({ unread: 1 }));
    looks = false;
    await look(room({ unread: 1 }));
    expect(shown).toEqual([]);
  });
  it('tells nothing of what was read within a second, and takes back what was read; what comes right after it is news', async () => {
    const { teller, look, shown, takeAway } = meet();
    await look(room());
    teller.look([room({ unread: 1 })]);
    await look(room());
    expect(shown).toEqual([]);
    await look(room({ unread: 1 }));
    teller.look([room()]);
    expect(takeAway).toHaveBeenLastCalledWith('tag1');
    await look(room({ unread: 1 }));
    expect(shown.map(({ tag }) => tag)).toEqual(['tag1', 'tag2']);
  });
  it('leaves nothing when it is stopped, also where the browser was just about to show something', async () => {
    let showing: () => void = () => undefined;
    const { teller, look, takeAway } = meet({ show: () => new Promise((resolve) => { showing = resolve; }) });
    await look(room());
    await look(room({ unread: 1 }));
    await teller.stop();
    const before = takeAway.mock.calls.length;
    showing();
    await vi.advanceTimersByTimeAsync(0);
    expect(takeAway.mock.calls.slice(before)).toEqual([[]]);
  });
});
