/**
 * The stretch of a timeline that is in memory: as many items as a person may soon have before their eyes, however long
 * the room is. It grows at the end that is scrolled to and is cut at the other. Pure.
 */
import type { TimelineItem, TimelinePage } from '#core/session/api.ts';

export interface Stretch {
  /** In the order of the log; what is still sending at the end. */
  readonly items: readonly TimelineItem[];
  /** There is more before, and after. */
  readonly older: boolean;
  readonly newer: boolean;
}
export const NOTHING: Stretch = { items: [], older: false, newer: false };
/** Items kept. Some screens' worth on either side. */
export const MOST = 480;

type Settled = TimelineItem & { readonly seq: number };
const isSettled = (item: TimelineItem): item is Settled => item.seq !== undefined;
export const lowest = (items: readonly TimelineItem[]): number | undefined => items.find(isSettled)?.seq;
export const highest = (items: readonly TimelineItem[]): number | undefined => items.findLast(isSettled)?.seq;

/** Whether `page`, the newest one, reaches back to what is loaded, so that nothing between the two is missing. */
export function touches({ items }: Stretch, page: TimelinePage): boolean {
  const known = highest(items);
  const first = lowest(page.items);
  return known === undefined || first === undefined || first <= known || !page.more;
}

/**
 * Takes the newest page over what is loaded. What was still sending is in the page, wherever it stands now.
 * @param atEnd whether the newest is what the person looks at: then the oldest goes where there are too many
 */
export function withNewest(old: Stretch, page: TimelinePage, atEnd: boolean): Stretch {
  if (old.newer) return old;
  // So much came that the two do not meet: what is looked at stays, and ends where it ended.
  if (!touches(old, page)) return atEnd ? { items: page.items, older: page.more, newer: false } : { ...old, items: old.items.filter(isSettled), newer: true };
  const first = lowest(page.items) ?? Infinity;
  const inPage = new Set(page.items.map((item) => item.id));
  const before = old.items.filter((item) => isSettled(item) && item.seq < first && !inPage.has(item.id));
  const next = { items: [...same(old.items, before), ...same(old.items, page.items)], older: before.length > 0 ? old.older : page.more, newer: false };
  return atEnd ? cutFront(next) : cutEnd(next);
}

/** Puts an older page in front. */
export function withOlder(old: Stretch, page: TimelinePage): Stretch {
  const first = lowest(old.items);
  const front = first === undefined ? page.items : page.items.filter((item) => isSettled(item) && item.seq < first);
  return cutEnd({ items: [...front, ...old.items], older: page.more, newer: old.newer });
}

/** Puts a newer page behind. With the last one, what is still sending is read again. */
export function withNewer(old: Stretch, page: TimelinePage): Stretch {
  const last = highest(old.items) ?? -1;
  const behind = page.items.filter((item) => isSettled(item) && item.seq > last);
  return cutFront({ items: [...old.items, ...behind], older: old.older, newer: page.more });
}

/** The stretch around a place: a page that ends there and one that follows. */
export const around = (before: TimelinePage, after: TimelinePage): Stretch => ({ items: [...before.items.filter(isSettled), ...after.items.filter(isSettled)], older: before.more, newer: true });

/** The same, where the page that follows may be the last. */
export const opened = (before: TimelinePage, after: TimelinePage): Stretch =>
  after.more ? around(before, after) : { items: [...before.items.filter(isSettled), ...after.items], older: before.more, newer: false };

/** These places as they are now; those that are no longer there are gone. */
export function withChanged(old: Stretch, seqs: readonly number[], items: readonly TimelineItem[]): Stretch {
  const asked = new Set(seqs);
  const now = new Map(items.map((item) => [item.seq, item]));
  const next = old.items.flatMap((item) => {
    if (item.seq === undefined || !asked.has(item.seq)) return [item];
    const changed = now.get(item.seq);
    return changed === undefined ? [] : [keep(item, changed)];
  });
  return next.every((item, index) => item === old.items[index]) && next.length === old.items.length ? old : { ...old, items: next };
}

const cutFront = (given: Stretch): Stretch =>
  given.items.length <= MOST ? given : { ...given, items: given.items.slice(-MOST), older: true };
const cutEnd = (given: Stretch): Stretch =>
  given.items.length <= MOST ? given : { ...given, items: given.items.slice(0, MOST).filter(isSettled), newer: true };

/** Every reading makes new objects of the same messages: those that are alike stay the ones that are drawn. */
function same(old: readonly TimelineItem[], next: readonly TimelineItem[]): readonly TimelineItem[] {
  const known = new Map(old.map((item) => [item.id, item]));
  return next.map((item) => keep(known.get(item.id), item));
}
const keep = (old: TimelineItem | undefined, next: TimelineItem): TimelineItem => (old !== undefined && alike(old, next) ? old : next);

/** Whether two values of plain data are the same. */
export function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.length === b.length && a.every((byte, index) => byte === b[index]);
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && left.every(([key, value]) => key in b && alike(value, (b as Record<string, unknown>)[key]));
}
