/**
 * Words as search compares them: in what somebody wrote and in what somebody looks for alike. Case, accents, Arabic and
 * Hebrew points and the shapes of a letter do not count.
 */

/** A word of a text; `start` and `end` are UTF-16 places in it. */
export interface Word {
  /** Folded. Never empty. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** One sign of a script that is written without spaces and read by signs: Han, Hiragana, Katakana. */
  readonly sign: boolean;
}

/** Longer ones are cut: what is looked for is cut as well. */
const LONGEST_WORD = 48;
/** Signs are found by runs of so many: any part of a text is found, wherever a dictionary would have cut it. */
export const RUN_OF_SIGNS = 3;

const SIGN = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\u3005\u3006]`;
const WORDS = new RegExp(String.raw`(${SIGN})|(?:(?!${SIGN})[\p{L}\p{N}\p{M}\u200c\u200d])+|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}`, 'gu');
const PLAIN_WORDS = /[A-Za-z0-9]+/g;
// eslint-disable-next-line no-control-regex
const PLAIN = /^[\x00-\x7f]*$/;
/** Scripts whose words stand without spaces between, and whose signs alone mean nothing. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = typeof Intl === 'object' && 'Segmenter' in Intl ? new Intl.Segmenter('und', { granularity: 'word' }) : undefined;

/**
 * Marks that are dropped: of Latin, Greek and Cyrillic; Hebrew and Arabic points and signs of recitation; the stretching of
 * Arabic words; what joins or turns letters. Not the vowels of Indic scripts, which are marks too and make the word.
 */
const DROPPED = /[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08ca-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2066-\u2069\u20d0-\u20ff\ufe00-\ufe0f]/g;
/** Letters that are the same to whoever looks for a word, and that no decomposition brings together. */
const ALIKE: ReadonlyMap<string, string> = new Map(Object.entries({
  'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ħ': 'h', 'ı': 'i', 'ς': 'σ',
  'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ې': 'ي', 'ة': 'ه', 'ە': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ک': 'ك', 'ڪ': 'ك',
  'ך': 'כ', 'ם': 'מ', 'ן': 'נ', 'ף': 'פ', 'ץ': 'צ',
}));
const TO_BE_LIKENED = new RegExp(`[${[...ALIKE.keys()].join('')}]`, 'gu');

/** @returns the text as it is compared; may be empty where there were only marks */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(DROPPED, '').replace(TO_BE_LIKENED, (letter) => ALIKE.get(letter) ?? letter);
}

/** The words of a text in their order, signs one by one. */
export function wordsOf(text: string): Word[] {
  if (PLAIN.test(text)) {
    return [...text.matchAll(PLAIN_WORDS)].map(({ 0: word, index }) => ({ text: word.toLowerCase().slice(0, LONGEST_WORD), start: index, end: index + word.length, sign: false }));
  }
  const words: Word[] = [];
  for (const { 0: found, 1: sign, index } of text.matchAll(WORDS)) {
    const pieces = sign === undefined && UNSPACED.test(found) ? segmentsOf(found) : [{ segment: found, index: 0 }];
    for (const { segment, index: within } of pieces) {
      const folded = fold(segment);
      if (folded === '') continue;
      words.push({ text: cut(folded), start: index + within, end: index + within + segment.length, sign: sign !== undefined });
    }
  }
  return words;
}

/** The words under which a text is found, each once. */
export function termsOf(text: string): Set<string> {
  const words = wordsOf(text);
  const terms = new Set<string>();
  for (const [index, word] of words.entries()) {
    terms.add(word.sign ? runFrom(words, index) : word.text);
    const bare = bareForm(word.text);
    if (bare !== undefined) terms.add(bare);
  }
  return terms;
}

/** Without the article or the letter that Arabic and Hebrew write as one with a word, where there is enough of a word left. */
export const bareForm = (word: string): string | undefined => {
  if (word < '\u0590' || word > '\u06ff') return undefined;
  const joined = /^(?:[وفبلك]?ال(?=.{2})|[הבלושמכ](?=.{3}))/u.exec(word)?.[0];
  return joined === undefined ? undefined : word.slice(joined.length);
};

/** The signs that stand together from here on, up to RUN_OF_SIGNS. */
export function runFrom(words: readonly Word[], first: number): string {
  let run = '';
  for (let index = first; index < first + RUN_OF_SIGNS; index += 1) {
    const word = words[index];
    if (word === undefined || !word.sign || (index > first && words[index - 1]?.end !== word.start)) break;
    run += word.text;
  }
  return run;
}

/** How much of `source`, in UTF-16 units, the first `length` units of its folded form stand for, with the marks that belong to it. */
export function sourceLength(source: string, length: number): number {
  let folded = 0;
  let end = 0;
  for (const letter of source) {
    const more = fold(letter).length;
    if (folded >= length && more > 0) break;
    folded += more;
    end += letter.length;
  }
  return end;
}

/** Not in the middle of a pair of surrogates. */
const cut = (word: string): string => (word.length <= LONGEST_WORD ? word : [...word].slice(0, LONGEST_WORD / 2).join(''));

const segmentsOf = (run: string): { segment: string; index: number }[] =>
  segmenter === undefined ? [{ segment: run, index: 0 }] : [...segmenter.segment(run)].filter(({ isWordLike }) => isWordLike !== false);
