/**
 * Whether the clock may be believed when it says that days are over. What is destroyed is gone for good, and a clock that is
 * wrong for an hour would destroy a month. So a clock far from the last day it was believed is doubted until it has stood
 * there. Pure.
 */

/** Days since 1970. */
export interface DaysRun {
  /** The last day on which the clock was believed. */
  readonly believed: number;
  /** The day it showed when it was first found to be somewhere else, and has not gone below since. */
  readonly doubted: number | undefined;
}

/** A step this long is no jump: a weekend on which the relay did not run. */
const STEP = 3;
/** Turns of the day after which a doubt is over. Two, so that a whole day lies between. */
const TURNS = 2;

/** What is known once the clock has shown `today`. */
export function settle(known: DaysRun, today: number): DaysRun {
  const { believed, doubted } = known;
  if (Math.abs(today - believed) <= STEP) return { believed: today, doubted: undefined };
  const wasAhead = doubted !== undefined && doubted > believed;
  const isAhead = today > believed;
  // A machine that starts in 1970 until it has asked for the time must not begin its doubt anew with every start.
  if (wasAhead && !isAhead) return known;
  if (doubted === undefined || wasAhead !== isAhead || today < doubted) return { believed, doubted: today };
  return today >= doubted + TURNS ? { believed: today, doubted: undefined } : known;
}

/** The latest day whose end may be acted upon while the clock shows `today`. */
export const dueDay = (known: DaysRun, today: number): number => Math.min(today, settle(known, today).believed);
