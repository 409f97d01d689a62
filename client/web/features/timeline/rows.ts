/** What the timeline draws: items with day separators, grouped by sender. Pure. */
import type { TimelineItem } from '#core/session/api.ts';
import { startOfDay } from '../../app/times.ts';
import { withAlbums } from '../media/albums.ts';

export type MessageItem = Extract<TimelineItem, { kind: 'message' }>;
export type EventItem = Extract<TimelineItem, { kind: 'event' }>;

export type Row =
  | { readonly kind: 'beginning'; readonly key: string; readonly loading: boolean }
  | { readonly kind: 'day'; readonly key: string; readonly day: number }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'event'; readonly key: string; readonly item: EventItem }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly item: MessageItem;
      /** First and last of consecutive messages by one sender. */
      readonly first: boolean;
      readonly last: boolean;
    };

export interface RowOptions {
  readonly more: boolean;
  /** Id of the first item that was unread when the room was opened. */
  readonly newFrom: string | undefined;
  readonly now: number;
}

/** Messages of one sender further apart than this start a new group. */
const GROUP_MS = 5 * 60_000;

export function rowsOf(items: readonly TimelineItem[], { more, newFrom, now }: RowOptions): readonly Row[] {
  const rows: Row[] = [{ kind: 'beginning', key: 'beginning', loading: more }];
  let shown = -Infinity;
  let previous: MessageItem | undefined;
  const today = startOfDay(now);
  for (const item of withAlbums(items)) {
    let broken = false;
    if (item.kind === 'message') {
      // Senders' clocks may be wrong: a day is announced once, in order, and never a day to come.
      const day = Math.min(startOfDay(item.at), today);
      if (day > shown) {
        rows.push({ kind: 'day', key: `day-${day}`, day });
        shown = day;
        broken = true;
      }
    }
    if (item.id === newFrom) {
      rows.push({ kind: 'new', key: 'new' });
      broken = true;
    }
    if (item.kind === 'event') {
      rows.push({ kind: 'event', key: item.id, item });
      previous = undefined;
      continue;
    }
    const continues = !broken && previous !== undefined && sameGroup(previous, item);
    if (continues) continueGroup(rows);
    rows.push({ kind: 'message', key: item.id, item, first: !continues, last: true });
    previous = item;
  }
  return rows;
}

/** The row before turns out not to be the last of its group. */
function continueGroup(rows: Row[]): void {
  const before = rows.at(-1);
  if (before?.kind === 'message') rows[rows.length - 1] = { ...before, last: false };
}

const sameGroup = (a: MessageItem, b: MessageItem): boolean => a.sender.id === b.sender.id && Math.abs(b.at - a.at) < GROUP_MS;

/** The first message by others after what was read; undefined when nothing is unread or it is not loaded. */
export function firstUnread(items: readonly TimelineItem[], { unread, readTo }: { readonly unread: number; readonly readTo: number }): (MessageItem & { readonly seq: number }) | undefined {
  if (unread <= 0) return undefined;
  return items.find((item): item is MessageItem & { readonly seq: number } => item.kind === 'message' && !item.sender.isMe && item.deletedBy === undefined && item.seq !== undefined && item.seq > readTo);
}

/** Messages by others above `seq`. */
export const newSince = (items: readonly TimelineItem[], seq: number): number =>
  items.filter((item) => item.kind === 'message' && !item.sender.isMe && item.seq !== undefined && item.seq > seq).length;
