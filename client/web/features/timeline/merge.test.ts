import { describe, expect, it } from 'vitest';
import type { Person, TimelineItem } from '#core/session/api.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import { highest, touches, withBetween, withNewest, withOlder, type Loaded } from './merge.ts';

const bob: Person = { id: 'b', name: 'Bob', fingerprint: '', ambiguous: false, isMe: false };
const at = (seq: number): TimelineItem => plainMessage({ id: `m${seq}`, seq, sender: bob, at: 0, text: `${seq}` });
const sending = (id: string): TimelineItem => plainMessage({ id, seq: undefined, sender: bob, at: 0, text: id, state: 'sending' });
const ids = (loaded: Loaded) => loaded.items.map((item) => item.id);
const none: Loaded = { items: [], more: false };

describe('merging pages of a timeline', () => {
  it('starts with the newest page', () => {
    expect(withNewest(none, { items: [at(5), at(9)], more: true })).toEqual({ items: [at(5), at(9)], more: true });
  });

  it('keeps the older pages in front, and takes the newest as it is now', () => {
    const loaded: Loaded = { items: [at(1), at(3), at(5), sending('x')], more: true };
    const next = withNewest(loaded, { items: [at(3), at(5), { ...at(8), id: 'x' }, sending('y')], more: true });
    expect(ids(next)).toEqual(['m1', 'm3', 'm5', 'x', 'y']);
    expect(next.more).toBe(true);
  });

  it('drops a sending message that is no longer there', () => {
    expect(ids(withNewest({ items: [sending('x')], more: false }, { items: [], more: false }))).toEqual([]);
  });

  it('notices a gap when more than a page is new, and closes it', () => {
    const loaded: Loaded = { items: [at(1), at(2)], more: false };
    const page = { items: [at(8), at(9)], more: true };
    expect(touches(loaded, page)).toBe(false);
    const next = withNewest(withBetween(loaded, [at(2), at(4), at(8), at(9)]), page);
    expect(ids(next)).toEqual(['m1', 'm2', 'm4', 'm8', 'm9']);
  });

  it('sees no gap where the pages overlap or there is nothing before', () => {
    expect(touches({ items: [at(4)], more: false }, { items: [at(4), at(5)], more: true })).toBe(true);
    expect(touches({ items: [at(1)], more: false }, { items: [at(5)], more: false })).toBe(true);
    expect(touches(none, { items: [at(5)], more: true })).toBe(true);
  });

  it('puts an older page in front once, even when it comes twice', () => {
    const loaded: Loaded = { items: [at(5), at(6)], more: true };
    const once = withOlder(loaded, { items: [at(3), at(4)], more: true });
    const twice = withOlder(once, { items: [at(3), at(4)], more: false });
    expect(ids(twice)).toEqual(['m3', 'm4', 'm5', 'm6']);
    expect(highest(twice.items)).toBe(6);
  });
});
