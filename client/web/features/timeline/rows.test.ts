import { describe, expect, it } from 'vitest';
import { plainMessage } from '#core/session/api/plain-message.ts';
import type { Person, TimelineItem } from '#core/session/api.ts';
import { firstUnread, newSince, rowsOf, type Row } from './rows.ts';

const MINUTE = 60_000;
const NOON = new Date(2026, 5, 10, 12).getTime();
const person = (name: string, isMe = false): Person => ({ id: name, name, fingerprint: '', ambiguous: false, isMe });
const alice = person('alice', true);
const bob = person('bob');

let seq = 0;
const said = (sender: Person, at: number): TimelineItem => plainMessage({ id: `m${(seq += 1)}`, seq, sender, at, text: 'hello' });
const happened = (): TimelineItem => ({ kind: 'event', id: `e${(seq += 1)}`, seq, event: { what: 'created', by: alice } });
const options = { more: false, newFrom: undefined, now: NOON };
const kinds = (rows: readonly Row[]) => rows.map((row) => (row.kind === 'message' ? `${row.first ? '[' : ''}m${row.last ? ']' : ''}` : row.kind));

describe('rows of a timeline', () => {
  it('groups what one person says in a row, and starts anew for the next person or after a while', () => {
    const items = [said(bob, NOON), said(bob, NOON + MINUTE), said(alice, NOON + 2 * MINUTE), said(alice, NOON + 20 * MINUTE)];
    expect(kinds(rowsOf(items, options))).toEqual(['beginning', 'day', '[m', 'm]', '[m]', '[m]']);
  });

  it('breaks a group where something happened, and where the unread begins', () => {
    const items = [said(bob, NOON), happened(), said(bob, NOON), said(bob, NOON)];
    const rows = rowsOf(items, { ...options, newFrom: items[3]?.id });
    expect(kinds(rows)).toEqual(['beginning', 'day', '[m]', 'event', '[m]', 'new', '[m]']);
  });

  it('announces each day once, even when a clock goes back', () => {
    const day = 86_400_000;
    const items = [said(bob, NOON - day), said(alice, NOON), said(bob, NOON - day), said(alice, NOON)];
    expect(kinds(rowsOf(items, options)).filter((kind) => kind === 'day')).toHaveLength(2);
  });

  it('shows no day to come, whatever a clock says', () => {
    const rows = rowsOf([said(bob, NOON + 400 * 86_400_000)], options);
    const day = rows.find((row) => row.kind === 'day');
    expect(day?.kind === 'day' && day.day).toBe(new Date(2026, 5, 10).getTime());
  });

  it('counts as unread only what others said', () => {
    const items = [said(bob, NOON), said(alice, NOON), said(bob, NOON), said(bob, NOON), happened()];
    const read = items[0]?.seq as number;
    expect(firstUnread(items, { unread: 2, readTo: read })?.id).toBe(items[2]?.id);
    expect(firstUnread(items, { unread: 0, readTo: read })).toBeUndefined();
    expect(firstUnread(items, { unread: 1, readTo: items[3]?.seq as number })).toBeUndefined();
    expect(newSince(items, items[0]?.seq ?? 0)).toBe(2);
  });
});
