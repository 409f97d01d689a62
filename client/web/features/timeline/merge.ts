/** Keeps one room's items in the order of the log while pages of it come and go. Pure. */
import type { TimelineItem, TimelinePage } from '#core/session/api.ts';

export interface Loaded {
  readonly items: readonly TimelineItem[];
  /** Older items exist. */
  readonly more: boolean;
}

const isSettled = (item: TimelineItem): item is TimelineItem & { readonly seq: number } => item.seq !== undefined;
const lowest = (items: readonly TimelineItem[]): number | undefined => items.find(isSettled)?.seq;
export const highest = (items: readonly TimelineItem[]): number | undefined => items.findLast(isSettled)?.seq;

/** Whether `page`, the newest one, reaches back to what is loaded, so that nothing between the two is missing. */
export function touches(loaded: Loaded, page: TimelinePage): boolean {
  const known = highest(loaded.items);
  const first = lowest(page.items);
  return known === undefined || first === undefined || first <= known || !page.more;
}

/** Takes the newest page over what is loaded. What was still sending is in the page, wherever it stands now. */
export function withNewest(loaded: Loaded, page: TimelinePage): Loaded {
  const first = lowest(page.items);
  if (first === undefined) return { items: [...loaded.items.filter(isSettled), ...page.items], more: loaded.items.length > 0 ? loaded.more : page.more };
  const inPage = new Set(page.items.map((item) => item.id));
  const older = loaded.items.filter((item) => isSettled(item) && item.seq < first && !inPage.has(item.id));
  return { items: [...older, ...page.items], more: older.length > 0 ? loaded.more : page.more };
}

/** Puts what lies between what is loaded and the newest page in its place. */
export function withBetween(loaded: Loaded, between: readonly TimelineItem[]): Loaded {
  const known = highest(loaded.items) ?? 0;
  const settled = loaded.items.filter(isSettled);
  return { items: [...settled, ...between.filter((item) => isSettled(item) && item.seq > known)], more: loaded.more };
}

/** Puts an older page in front. */
export function withOlder(loaded: Loaded, page: TimelinePage): Loaded {
  const first = lowest(loaded.items);
  const older = first === undefined ? page.items : page.items.filter((item) => isSettled(item) && item.seq < first);
  return { items: [...older, ...loaded.items], more: page.more };
}

export const oldestSeq = (loaded: Loaded): number | undefined => lowest(loaded.items);
