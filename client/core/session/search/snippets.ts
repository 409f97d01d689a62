/** The part of a text that shows why it was found. */
import type { ParsedSearch } from '../../domain/search-query.ts';
import { bareForm, RUN_OF_SIGNS, sourceLength, wordsOf, type Word } from '../../domain/search-words.ts';
import type { Snippet, TextStretch as Stretch } from '../api/search.ts';

const LONGEST = 180;
/** Shown before the first thing that was looked for. */
const LEAD = 48;

/** Whether the words stand in the text one after another. */
export function hasPhrase(text: string, phrase: readonly string[]): boolean {
  const words = wordsOf(text);
  return words.some((_, first) => phrase.every((wanted, index) => words[first + index]?.text === wanted));
}

/** Everything in the text that was looked for. */
export function marksIn(text: string, { terms, phrases }: Pick<ParsedSearch, 'terms' | 'phrases'>): Stretch[] {
  if (terms.length === 0) return [];
  const words = wordsOf(text);
  const marks: Stretch[] = [];
  for (const [index, word] of words.entries()) {
    const length = Math.max(0, ...terms.map(({ text: wanted, whole }) => matched(text, words, index, wanted, whole)));
    if (length > 0) marks.push({ start: word.start, length });
  }
  for (const phrase of phrases) marks.push(...phraseMarks(words, phrase));
  return joined(marks);
}

/** @returns how much of the text from this word on is what was looked for; 0: it is not */
function matched(text: string, words: readonly Word[], index: number, wanted: string, whole: boolean): number {
  const word = words[index] as Word;
  if (!word.sign) {
    const form = [word.text, bareForm(word.text)].find((one) => (whole ? one === wanted : one?.startsWith(wanted)));
    if (form === undefined) return 0;
    // With the article, where it has one.
    const before = word.text.length - form.length;
    return whole ? word.end - word.start : sourceLength(text.slice(word.start, word.end), before + wanted.length);
  }
  let run = '';
  for (let next = index; next < index + RUN_OF_SIGNS && words[next]?.sign === true; next += 1) {
    run += words[next]?.text;
    if (run === wanted) return (words[next] as Word).end - word.start;
  }
  return 0;
}

function phraseMarks(words: readonly Word[], phrase: readonly string[]): Stretch[] {
  const marks: Stretch[] = [];
  for (const [first, word] of words.entries()) {
    if (!phrase.every((wanted, index) => words[first + index]?.text === wanted)) continue;
    marks.push({ start: word.start, length: (words[first + phrase.length - 1] as Word).end - word.start });
  }
  return marks;
}

function joined(marks: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last === undefined || mark.start >= last.start + last.length) all.push(mark);
    else all[all.length - 1] = { start: last.start, length: Math.max(last.length, mark.start + mark.length - last.start) };
  }
  return all;
}

/** @returns undefined for an empty text */
export function snippetOf(text: string, search: Pick<ParsedSearch, 'terms' | 'phrases'>): Snippet | undefined {
  if (text.trim() === '') return undefined;
  const marks = marksIn(text, search);
  const from = text.length <= LONGEST ? 0 : wordBorder(text, Math.max(0, Math.min((marks[0]?.start ?? 0) - LEAD, text.length - LONGEST)), 1);
  const to = from + LONGEST >= text.length ? text.length : wordBorder(text, from + LONGEST, -1);
  return {
    text: text.slice(from, to).replace(/\s/gu, ' '),
    marks: marks.filter(({ start, length }) => start >= from && start + length <= to).map(({ start, length }) => ({ start: start - from, length })),
    before: from > 0, behind: to < text.length,
  };
}

/** The nearest space in this direction, or, where there is none near, a place that cuts no character in two. */
function wordBorder(text: string, at: number, direction: 1 | -1): number {
  if (at === 0) return 0;
  for (let step = 0; step < LEAD / 2; step += 1) if (/\s/u.test(text[at + step * direction] ?? 'x')) return at + step * direction + (direction === 1 ? 1 : 0);
  return /[\udc00-\udfff]/u.test(text[at] ?? '') ? at + 1 : at;
}
