/**
 * What somebody typed into the search field, understood: words that must all be there, phrases in quotes, and filters such
 * as `from:rosa has:image after:2026-03-01`. What is not understood as a filter is looked for as words.
 */
import { RUN_OF_SIGNS, runFrom, wordsOf, type Word } from './search-words.ts';

export const HAS = ['image', 'file', 'voice', 'video', 'link'] as const;
export type Has = (typeof HAS)[number];
export const IS = ['pinned', 'saved', 'mine'] as const;
export type Is = (typeof IS)[number];

/** A word to be found. */
export interface Term {
  /** Folded, as search-words.ts has it. */
  readonly text: string;
  /** The word itself; otherwise whatever begins with it. */
  readonly whole: boolean;
}
export interface ParsedSearch {
  /** All of them must be there. */
  readonly terms: readonly Term[];
  /** Words that must stand one after another: the text itself has to be looked at. */
  readonly phrases: readonly (readonly string[])[];
  /** Names, or beginnings of them: any of these people, any of these rooms. */
  readonly from: readonly string[];
  readonly in: readonly string[];
  /** All of these. */
  readonly has: readonly Has[];
  readonly is: readonly Is[];
  readonly mentionsMe: boolean;
  /** Milliseconds since 1970, by the days of this device: from here on, and before there. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** Filters that make no sense, as they were typed. */
  readonly unclear: readonly string[];
}

export const LONGEST_SEARCH = 500;
const MOST_TERMS = 24;
/** A filter or a word, perhaps in quotes of some kind. A quote within a word is part of it, as in Hebrew. */
const PIECE = /(\p{L}+):(?=\s|$)|(?:(\p{L}+):)?(?:["“”„«]([^"“”»]*)(?:["“”»]|$)|(\S+))/gu;
const DAY = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/** @param typed longer ones are cut */
export function parseSearch(typed: string): ParsedSearch {
  const parsed: Writable<ParsedSearch> = { terms: [], phrases: [], from: [], in: [], has: [], is: [], mentionsMe: false, since: undefined, until: undefined, unclear: [] };
  for (const [whole, unfinished, name, quoted, bare] of typed.slice(0, LONGEST_SEARCH).normalize('NFC').matchAll(PIECE)) {
    const operator = (name ?? unfinished)?.toLowerCase();
    const value = quoted ?? bare ?? '';
    if (operator !== undefined && isOperator(operator)) {
      // Still being typed.
      if (value.trim() === '') continue;
      if (!OPERATORS[operator](parsed, value.trim())) parsed.unclear.push(whole);
    } else if (quoted !== undefined && operator === undefined) addPhrase(parsed, wordsOf(quoted), true);
    else addWords(parsed, wordsOf(whole));
  }
  return { ...parsed, terms: withoutRepeats(parsed.terms).slice(0, MOST_TERMS), phrases: parsed.phrases.slice(0, MOST_TERMS) };
}

/** Whether there is anything to look for. */
export const isEmptySearch = ({ terms, from, in: rooms, has, is, mentionsMe, since, until }: ParsedSearch): boolean =>
  terms.length + from.length + rooms.length + has.length + is.length === 0 && !mentionsMe && since === undefined && until === undefined;

function addWords(parsed: Writable<ParsedSearch>, words: readonly Word[]): void {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as Word;
    if (!word.sign) {
      parsed.terms.push({ text: word.text, whole: false });
      continue;
    }
    let end = index + 1;
    while (words[end]?.sign === true && words[end]?.start === words[end - 1]?.end) end += 1;
    addPhrase(parsed, words.slice(index, end), false);
    index = end - 1;
  }
}

function addPhrase(parsed: Writable<ParsedSearch>, words: readonly Word[], quoted: boolean): void {
  for (const [index, word] of words.entries()) {
    if (!word.sign) parsed.terms.push({ text: word.text, whole: quoted });
    // The last ones of a run are the ends of what stands before them.
    else if (index === 0 || [...runFrom(words, index)].length === RUN_OF_SIGNS || words[index - 1]?.sign !== true) parsed.terms.push({ text: runFrom(words, index), whole: false });
  }
  const isRun = words.length <= RUN_OF_SIGNS && words.every(({ sign }) => sign) && [...runFrom(words, 0)].length === words.length;
  if (words.length > 1 && !isRun) parsed.phrases.push(words.map(({ text }) => text));
}

const OPERATORS = {
  from: (parsed, name) => parsed.from.push(name) > 0,
  in: (parsed, name) => parsed.in.push(name) > 0,
  has: (parsed, what) => takeOne(HAS, parsed.has, what),
  is: (parsed, what) => takeOne(IS, parsed.is, what),
  mentions: (parsed, who) => {
    if (who.toLowerCase() !== 'me') return false;
    parsed.mentionsMe = true;
    return true;
  },
  before: (parsed, day) => between(parsed, undefined, stretchOf(day)?.from),
  after: (parsed, day) => between(parsed, stretchOf(day)?.to, undefined),
  on: (parsed, day) => {
    const stretch = stretchOf(day);
    return stretch !== undefined && between(parsed, stretch.from, stretch.to);
  },
} satisfies Record<string, (parsed: Writable<ParsedSearch>, value: string) => boolean>;

export const SEARCH_OPERATORS = Object.keys(OPERATORS) as readonly (keyof typeof OPERATORS)[];
const isOperator = (name: string): name is keyof typeof OPERATORS => Object.hasOwn(OPERATORS, name);

function takeOne<Known extends string>(known: readonly Known[], into: Known[], typed: string): boolean {
  const found = known.find((one) => one === typed.toLowerCase());
  if (found !== undefined && !into.includes(found)) into.push(found);
  return found !== undefined;
}

function between(parsed: Writable<ParsedSearch>, since: number | undefined, until: number | undefined): boolean {
  if (since === undefined && until === undefined) return false;
  if (since !== undefined) parsed.since = Math.max(since, parsed.since ?? since);
  if (until !== undefined) parsed.until = Math.min(until, parsed.until ?? until);
  return true;
}

/** A day, a month or a year, by this device's clock. */
function stretchOf(typed: string): { from: number; to: number } | undefined {
  const [, year, month, day] = DAY.exec(typed) ?? [];
  if (year === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  if (m < 1 || m > 12 || d < 1 || new Date(y, m - 1, d).getDate() !== d) return undefined;
  const end = day !== undefined ? new Date(y, m - 1, d + 1) : month !== undefined ? new Date(y, m, 1) : new Date(y + 1, 0, 1);
  return { from: new Date(y, m - 1, d).getTime(), to: end.getTime() };
}

const withoutRepeats = (terms: readonly Term[]): Term[] => [...new Map(terms.map((term) => [`${term.whole} ${term.text}`, term])).values()];
