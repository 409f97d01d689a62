/** What an operator could hand over, as lines a lawyer can read: figures, what they are, and what they do not say. */
import { DAY_MS } from '#shared/ids.ts';

/** Counts by some property: one row a combination, the last cell is the count. Days are ISO dates (UTC). */
export interface Breakdown {
  readonly by: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Line {
  /** A word that stays the same from version to version. */
  readonly key: string;
  readonly title: string;
  readonly count: number;
  readonly breakdown?: Breakdown;
  /** What it is, in one or two sentences. */
  readonly is: string;
  /** What it does not say. */
  readonly isNot: string;
  /** Every column of the table, or every kind of file, with what it holds. No value is ever shown. */
  readonly kept?: Readonly<Record<string, string>>;
}

export interface Disclosure {
  /** ISO date (UTC) on which it was counted. */
  readonly day: string;
  readonly lines: readonly Line[];
  /** What was found and is not accounted for, one sentence each. Empty: everything found is in the lines. */
  readonly unaccounted: readonly string[];
  /** What could not be looked at from here, one sentence each. */
  readonly unseen: readonly string[];
  /** What people ask for and there is nothing of. */
  readonly absent: readonly string[];
}

/** @param day days since 1970 */
export const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export const ABSENT: readonly string[] = [
  'Names, telephone numbers, e-mail addresses: nobody gives any to the relay.',
  'Names of rooms, lists of their members, roles: devices keep these among themselves, sealed.',
  'The text of a message or the content of a file: the relay has sealed copies, and keys to the outer of their two layers only.',
  'Who posted a record: everybody in a room signs with the same key, and a post carries no pass.',
  'Who invited whom: no column says it.',
  'Network addresses, browsers, devices: written nowhere, neither in a table nor in a log.',
  'A time of day: the relay writes down the day at most. PostgreSQL\'s own files know more; see "journal" and "order".',
];
