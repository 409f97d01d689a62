/** Times in a zone that is not the reader's. Pure, but for what the device's own zone is. */
import { fromAbsolute, getLocalTimeZone, parseDateTime, toZoned } from '@internationalized/date';
import { showable } from '../../app/times.ts';

export const ownZone = (): string => getLocalTimeZone();

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
/** A zone no device knows is shown as the reader's own. */
export const knownZone = (zone: string): string => (isZone(zone) ? zone : ownZone());

const memo = new Map<string, Intl.DateTimeFormat>();
function formatter(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let known = memo.get(key);
  if (!known) memo.set(key, (known = new Intl.DateTimeFormat(language, { ...options, timeZone: zone })));
  return known;
}

const DAY_AND_TIME: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' };

/** From when to when, in one zone: the day once where both are of one. @param to 0: open */
export function spanIn(from: number, to: number, zone: string, language: string): string {
  const year: Intl.DateTimeFormatOptions = new Date(showable(from)).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
  const shown = formatter(language, knownZone(zone), { ...DAY_AND_TIME, ...year });
  const [start, end] = [showable(from), showable(to)];
  return end > start ? shown.formatRange(start, end) : shown.format(start);
}
/** The hours only. */
export function hoursIn(from: number, to: number, zone: string, language: string): string {
  const shown = formatter(language, knownZone(zone), { hour: 'numeric', minute: '2-digit' });
  return to > from ? `${shown.format(showable(from))} – ${shown.format(showable(to))}` : shown.format(showable(from));
}
/** Whether two moments are of one day there. */
export const sameDay = (a: number, b: number, zone: string): boolean => fieldsAt(showable(a), zone).day === fieldsAt(showable(b), zone).day;
/** A day, short. */
export const dayIn = (at: number, zone: string, language: string): string => formatter(language, knownZone(zone), { weekday: 'short', day: 'numeric', month: 'short' }).format(showable(at));
/** For a list: the day, short, and the hour. */
export const shortIn = (at: number, zone: string, language: string): string =>
  formatter(language, knownZone(zone), { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(showable(at));
/** The parts of a leaf of a calendar. */
export const leafOf = (at: number, zone: string, language: string): { readonly month: string; readonly day: string } => ({
  month: formatter(language, knownZone(zone), { month: 'short' }).format(showable(at)),
  day: formatter(language, knownZone(zone), { day: 'numeric' }).format(showable(at)),
});

/** Whether clocks there show another time than the reader's at that moment. */
export const differsHere = (at: number, zone: string): boolean => isZone(zone) && offsetAt(at, zone) !== offsetAt(at, ownZone());
const offsetAt = (at: number, zone: string): number => fromAbsolute(showable(at), zone).offset;

/** The name of a zone as people say it, such as `Madrid`. */
export const zonePlace = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

/** What clocks of a zone show, as the fields of a form hold it: `2026-03-01` and `17:00`; empty for 0. */
export function fieldsAt(at: number, zone: string): { readonly day: string; readonly hour: string } {
  if (at === 0) return { day: '', hour: '' };
  const [day = '', time = ''] = fromAbsolute(at, knownZone(zone)).toString().split('T');
  return { day, hour: time.slice(0, 5) };
}
/** The moment clocks of a zone show that; 0 while the fields hold no time. A time the clocks leave out becomes the one after the gap. */
export function momentOf(day: string, hour: string, zone: string): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d/.test(hour)) return 0;
  try {
    return toZoned(parseDateTime(`${day}T${hour.slice(0, 5)}`), knownZone(zone)).toDate().getTime();
  } catch {
    return 0;
  }
}
