import { describe, expect, it } from 'vitest';
import type { Person, TimelineItem } from '#core/session/api.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import { around, highest, lowest, MOST, NOTHING, touches, withChanged, withNewer, withNewest, withOlder, type Stretch } from './window.ts';

const bob: Person = { id: 'b', name: 'Bob', fingerprint: '', ambiguous: false, isMe: false };
const at = (seq: number, text = `${seq}`): TimelineItem => plainMessage({ id: `m${seq}`, seq, sender: bob, at: 0, text });
const run = (from: number, to: number): TimelineItem[] => Array.from({ length: to - from + 1 }, (_, index) => at(from + index));
const sending = (id: string): TimelineItem => plainMessage({ id, seq: undefined, sender: bob, at: 0, text: id, state: 'sending' });
const ids = (stretch: Stretch) => stretch.items.map((item) => item.id);
const of = (items: readonly TimelineItem[], older = false, newer = false): Stretch => ({ items, older, newer });

describe('the stretch of a timeline in memory', () => {
  it('starts with the newest page', () => {
    expect(withNewest(NOTHING, { items: [at(5), at(9)], more: true }, true)).toEqual(of([at(5), at(9)], true));
  });

  it('keeps the older pages in front, and takes the newest as it is now', () => {
    const next = withNewest(of([at(1), at(3), at(5), sending('x')], true), { items: [at(3), at(5), { ...at(8), id: 'x' }, sending('y')], more: true }, true);
    expect(ids(next)).toEqual(['m1', 'm3', 'm5', 'x', 'y']);
    expect(next.older).toBe(true);
  });

  it('drops a sending message that is no longer there', () => {
    expect(ids(withNewest(of([sending('x')]), { items: [], more: false }, true))).toEqual([]);
  });

  it('what did not change is the same object, so that it is not drawn again', () => {
    const old = of([at(1), at(2), at(3)]);
    const next = withNewest(old, { items: [at(2), at(3, 'edited'), at(4)], more: true }, true);
    expect(next.items[0]).toBe(old.items[0]);
    expect(next.items[1]).toBe(old.items[1]);
    expect(next.items[2]).not.toBe(old.items[2]);
  });

  it('when more came than a page holds, who is at the end goes on there, and who reads above stays, and knows of more', () => {
    const old = of([at(1), at(2), sending('x')]);
    const page = { items: [at(8), at(9)], more: true };
    expect(touches(old, page)).toBe(false);
    expect(withNewest(old, page, true)).toEqual(of([at(8), at(9)], true));
    const stays = withNewest(old, page, false);
    expect(ids(stays)).toEqual(['m1', 'm2']);
    expect(stays.newer).toBe(true);
  });

  it('sees no gap where the pages overlap or there is nothing before', () => {
    expect(touches(of([at(4)]), { items: [at(4), at(5)], more: true })).toBe(true);
    expect(touches(of([at(1)]), { items: [at(5)], more: false })).toBe(true);
    expect(touches(NOTHING, { items: [at(5)], more: true })).toBe(true);
  });

  it('puts an older page in front once, even when it comes twice', () => {
    const once = withOlder(of([at(5), at(6)], true), { items: [at(3), at(4)], more: true });
    const twice = withOlder(once, { items: [at(3), at(4)], more: false });
    expect(ids(twice)).toEqual(['m3', 'm4', 'm5', 'm6']);
    expect(highest(twice.items)).toBe(6);
  });

  it('never holds more than it should: scrolling up lets go of the newest, scrolling down of the oldest', () => {
    let stretch = withNewest(NOTHING, { items: run(9_901, 10_000), more: true }, true);
    for (let first = 9_841; first > 8_000; first -= 60) stretch = withOlder(stretch, { items: run(first, first + 59), more: true });
    expect(stretch.items).toHaveLength(MOST);
    expect(stretch).toMatchObject({ older: true, newer: true });
    expect(withNewest(stretch, { items: [at(10_001)], more: true }, false)).toBe(stretch);
    const top = lowest(stretch.items) ?? 0;
    for (let last = highest(stretch.items) ?? 0; last < 10_000; last = highest(stretch.items) ?? 0) {
      const to = Math.min(last + 60, 10_000);
      stretch = withNewer(stretch, { items: run(last + 1, to), more: to < 10_000 });
    }
    expect(stretch.items).toHaveLength(MOST);
    expect(stretch).toMatchObject({ older: true, newer: false });
    expect(lowest(stretch.items)).toBeGreaterThan(top);
  });

  it('at the end it lets go of the oldest, for ever', () => {
    let stretch: Stretch = NOTHING;
    for (let last = 30; last < 3_000; last += 10) stretch = withNewest(stretch, { items: run(last - 29, last), more: true }, true);
    expect(stretch.items).toHaveLength(MOST);
    expect(stretch).toMatchObject({ older: true, newer: false });
  });

  it('a place in the midst has more on both sides', () => {
    expect(around({ items: run(1, 3), more: true }, { items: run(4, 6), more: true })).toEqual(of(run(1, 6), true, true));
  });

  it('takes changed messages where they stand, and lets go of those that are no more', () => {
    const old = of(run(1, 4), true);
    const next = withChanged(old, [2, 3, 77], [at(2, 'edited')]);
    expect(next.items.map((item) => item.kind === 'message' && item.text)).toEqual(['1', 'edited', '4']);
    expect(withChanged(old, [2], [at(2)])).toBe(old);
  });
});
