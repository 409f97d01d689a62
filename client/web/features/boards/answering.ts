/** What an announcement asks of its readers, and what they may still say. Pure. */
import type { Announcement, AnnouncementText, OwnAnswer } from '#core/session/api.ts';

export type Given = Omit<OwnAnswer, 'full'>;
export const NOTHING_GIVEN: Given = { acknowledged: false, coming: undefined, votes: [], shifts: [] };

export interface Asks {
  readonly acknowledge: boolean;
  readonly coming: boolean;
  readonly shifts: boolean;
  readonly poll: boolean;
}

/** @param now milliseconds since 1970 */
export function asksOf({ acknowledge, event, poll }: AnnouncementText, now: number): Asks {
  const open = event !== undefined && now < (event.endsAt || event.beginsAt);
  return {
    acknowledge,
    coming: open && event.answers,
    shifts: open && event.shifts.length > 0,
    poll: poll !== undefined && (poll.closesAt === 0 || now < poll.closesAt),
  };
}
export const asksAnything = (asks: Asks): boolean => asks.acknowledge || asks.coming || asks.shifts || asks.poll;

/** Nothing is asked of what was withdrawn, or is over. */
export const isOpen = ({ withdrawn, expired }: Announcement): boolean => withdrawn === undefined && !expired;

/** Places left of a shift; undefined where as many may come as like, or nobody has counted yet. */
export function placesLeft(capacity: number, taken: number | undefined): number | undefined {
  return capacity === 0 || taken === undefined ? undefined : Math.max(0, capacity - taken);
}

export const sameGiven = (a: Given, b: Given): boolean =>
  a.acknowledged === b.acknowledged && a.coming === b.coming && String(a.votes) === String(b.votes) && String(a.shifts) === String(b.shifts);

/** With this one, or without it. In order, so that equal choices are equal lists. */
export const toggled = (list: readonly number[], one: number, on: boolean): readonly number[] =>
  (on ? [...list.filter((known) => known !== one), one] : list.filter((known) => known !== one)).toSorted((a, b) => a - b);
