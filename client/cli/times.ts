/** Points in time as people type them: 2h from now, 2026-05-01T18:00 on the clock of a place, or with a Z or +02:00 for one that is the same everywhere. */
import { spanIn } from './spans.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * @param zone IANA, for a time that does not name its own
 * @returns milliseconds since 1970, or undefined for what is none
 */
export function momentIn(typed: string, now: number, zone: string = hereZone()): number | undefined {
  const span = spanIn(typed);
  if (span !== undefined) return now + span * 1000;
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset] = DATE.exec(typed) ?? [];
  if (year === undefined || !isZone(zone)) return undefined;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const utc = Date.parse(`${wall}Z`);
  // 30 February is a date to Date, of March.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== wall) return undefined;
  if (offset !== undefined) return Date.parse(`${wall}${offset}`);
  const guess = utc - aheadOf(utc, zone);
  return utc - aheadOf(guess, zone);
}

export const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds the clocks of a zone are ahead of UTC at a time. */
function aheadOf(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-u-hc-h23', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000;
}

/** For a person, on the clock of a place. */
export function timeText(at: number, zone?: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '?';
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', ...(zone !== undefined && isZone(zone) && { timeZone: zone }) });
}
