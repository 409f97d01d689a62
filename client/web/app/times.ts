/** Times and days in the reader's language and zone. */
import { DAY_MS } from '#shared/ids.ts';

const memo = new Map<string, Intl.DateTimeFormat>();
function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let known = memo.get(key);
  if (!known) memo.set(key, (known = new Intl.DateTimeFormat(language, options)));
  return known;
}

/** The last moment a Date can hold, either way. */
const FARTHEST = 8.64e15;

/** A sender's clock as something that can be shown: a time no calendar knows becomes the start of 1970. */
export const showable = (at: number): number => (Math.abs(at) < FARTHEST - DAY_MS ? at : 0);

/** As machines read it: what a `<time>` carries. */
export const machineTime = (at: number): string => new Date(showable(at)).toISOString();

/** Milliseconds since 1970 to the local day, as milliseconds at its start: equal days are equal numbers. */
export const startOfDay = (at: number): number => new Date(showable(at)).setHours(0, 0, 0, 0);

export const clock = (at: number, language: string): string => formatter(language, { hour: 'numeric', minute: '2-digit' }).format(showable(at));
export const fullTime = (at: number, language: string): string => formatter(language, { dateStyle: 'full', timeStyle: 'short' }).format(showable(at));

export function longDay(at: number, language: string, now = Date.now()): string {
  const sameYear = new Date(showable(at)).getFullYear() === new Date(now).getFullYear();
  return formatter(language, { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(showable(at));
}

/** For something that is to come: the weekday and the hour. */
export const dayAndHour = (at: number, language: string): string =>
  formatter(language, { weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(showable(at));

/** Days between today and the day of `at`: 0 today, 1 yesterday. */
export const daysAgo = (at: number, now = Date.now()): number => Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);

/** For a list: the time today, the weekday this week, else the date. */
export function shortTime(at: number, language: string, now = Date.now()): string {
  const ago = daysAgo(at, now);
  if (ago <= 0) return clock(at, language);
  return formatter(language, ago < 7 ? { weekday: 'short' } : { day: 'numeric', month: 'short' }).format(showable(at));
}
