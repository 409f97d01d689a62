import { describe, expect, it } from 'vitest';
import type { MessageItem, Person, SessionEvent, TimelineItem } from '#core/session/api.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import { TimelineStore } from './timeline-store.ts';

const bob: Person = { id: 'b', name: 'Bob', fingerprint: '', ambiguous: false, isMe: false };
const at = (seq: number, text = `${seq}`): MessageItem => plainMessage({ id: `m${seq}`, seq, sender: bob, at: 0, text });

/** A room in memory that counts how often it is read, and frames that pass when the test says so. */
function room(length: number) {
  const items: MessageItem[] = Array.from({ length }, (_, index) => at(index + 1));
  const listeners = new Set<(event: SessionEvent) => void>();
  const frames: (() => void)[] = [];
  const reads = { pages: 0, items: 0 };
  const session = {
    timeline: async (_: string, { before, after, limit = 60 }: { before?: number; after?: number; limit?: number } = {}) => {
      reads.pages += 1;
      const fit: TimelineItem[] = items.filter(({ seq = 0 }) => (before === undefined || seq < before) && (after === undefined || seq > after));
      return { items: after === undefined ? fit.slice(-limit) : fit.slice(0, limit), more: fit.length > limit };
    },
    itemsAt: async (_: string, seqs: readonly number[]) => {
      reads.items += 1;
      return items.filter(({ seq = 0 }) => seqs.includes(seq));
    },
    subscribe: (listener: (event: SessionEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const store = new TimelineStore(session, 'r', undefined, (work) => frames.push(work));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    items, store, reads, settle, tell: (event: SessionEvent) => listeners.forEach((listener) => listener(event)),
    frame: async () => {
      for (const work of frames.splice(0)) work();
      await settle();
    },
    said: (): readonly string[] => store.snapshot().items.map((item) => (item.kind === 'message' ? item.text : '')),
  };
}
const news = { changed: 'timeline', room: 'r' } as const;

describe('a timeline on the screen', () => {
  it('opens where the unread begins, with a little before it, and goes on to the newest from there', async () => {
    const { items, store, settle, tell, frame, said } = room(300);
    store.start(100);
    await settle();
    expect([said()[0], said().at(-1), store.snapshot().newer, store.snapshot().older]).toEqual(['77', '160', true, true]);
    items.push(at(301));
    tell(news);
    await frame();
    expect(said().at(-1)).toBe('160');
    await store.showNewest();
    expect([said().at(-1), store.snapshot().newer]).toEqual(['301', false]);
  });

  it('opens there with all of it, where a page is enough', async () => {
    const { items, store, settle, tell, frame, said } = room(110);
    store.start(100);
    await settle();
    expect([said()[0], said().at(-1), store.snapshot().newer]).toEqual(['77', '110', false]);
    await frame();
    items.push(at(111));
    tell(news);
    await settle();
    await frame();
    expect(said().at(-1)).toBe('111');
  });

  it('reads once in a frame, however many messages come, and has the last of them', async () => {
    const { items, store, reads, settle, tell, frame, said } = room(100);
    store.start();
    await settle();
    await frame();
    const before = reads.pages;
    for (let seq = 101; seq <= 110; seq += 1) {
      items.push(at(seq));
      tell(news);
    }
    await settle();
    expect(reads.pages - before).toBe(1);
    await frame();
    expect(reads.pages - before).toBe(2);
    expect(said().at(-1)).toBe('110');
    await frame();
    expect(reads.pages - before).toBe(2);
  });

  it('shows what is new before the next frame', async () => {
    const { items, store, settle, tell, frame, said } = room(3);
    store.start();
    await settle();
    await frame();
    items.push(at(4));
    tell(news);
    await settle();
    expect(said().at(-1)).toBe('4');
  });

  it('reads changed messages by themselves, and not those that are out of sight', async () => {
    const { items, store, reads, settle, tell, frame, said } = room(200);
    store.start();
    await settle();
    await frame();
    const pages = reads.pages;
    items[199] = at(200, 'edited');
    tell({ changed: 'messages', room: 'r', seqs: [3, 200] });
    tell({ changed: 'messages', room: 'r', seqs: [200], thread: 'other' });
    tell({ changed: 'messages', room: 'other', seqs: [200] });
    await settle();
    await frame();
    expect(said().at(-1)).toBe('edited');
    expect(reads).toEqual({ pages, items: 1 });
    tell({ changed: 'messages', room: 'r', seqs: [3] });
    await settle();
    expect(reads.items).toBe(1);
  });

  it('is led to a place in the midst, does not follow what is new there, and comes back to the newest', async () => {
    const { items, store, settle, tell, frame, said } = room(1_000);
    store.start();
    await settle();
    await frame();
    expect(await store.showAt(300)).toBe(300);
    expect(said()).toContain('300');
    expect(store.snapshot()).toMatchObject({ older: true, newer: true });
    items.push(at(1_001));
    tell(news);
    await settle();
    await frame();
    expect(said()).not.toContain('1001');
    await store.showNewest();
    expect(said().at(-1)).toBe('1001');
    expect(store.snapshot().newer).toBe(false);
  });

  it('is led to the next message where the one asked for is no more', async () => {
    const { items, store, settle, frame } = room(500);
    items.splice(99, 1);
    store.start();
    await settle();
    await frame();
    expect(await store.showAt(100)).toBe(101);
  });

  it('one that cannot be read says so, and is read again at the next news', async () => {
    const { store, settle, tell, frame, items, said } = room(5);
    const whole = items.splice(0);
    Object.defineProperty(items, 'filter', { value: () => { throw new Error('no'); }, configurable: true });
    store.start();
    await settle();
    expect(store.snapshot()).toMatchObject({ ready: false, failure: 'internal' });
    Reflect.deleteProperty(items, 'filter');
    items.push(...whole);
    await frame();
    tell(news);
    await settle();
    expect(said()).toHaveLength(5);
    expect(store.snapshot().failure).toBeUndefined();
  });
});
