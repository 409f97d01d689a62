/** Every emoji with the words it is found by: Unicode's own, from emojibase-data, fetched from this hub with the picker. */
import type { CompactEmoji } from 'emojibase';

export interface Emoji {
  readonly sign: string;
  readonly name: string;
  readonly words: string;
  readonly group: number;
  /** The same in the five tones of skin, light to dark; empty where there are none. */
  readonly tones: readonly string[];
}

/** Languages that Unicode's words are shipped in, of those the app speaks. The others search in English. */
const WORDS: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {
  en: () => import('emojibase-data/en/compact.json'),
  es: () => import('emojibase-data/es/compact.json'),
};
/** Parts of other emoji, such as the tones by themselves. */
const PARTS = 2;

export async function loadEmoji(language: string): Promise<readonly Emoji[]> {
  const load = WORDS[language.split('-')[0] ?? 'en'] ?? WORDS['en'];
  const data = ((await load?.())?.default ?? []) as readonly CompactEmoji[];
  return data
    .filter(({ group }) => group !== undefined && group !== PARTS)
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ unicode, label, tags, group, skins }) => ({
      sign: unicode, name: label, words: [label, ...(tags ?? [])].join(' ').toLocaleLowerCase(language), group: group ?? 0,
      tones: skins === undefined || skins.length < 5 ? [] : skins.slice(0, 5).map((skin) => skin.unicode),
    }));
}

/** Those whose words begin with every word that was typed; the ones that begin with it by name first. */
export function findEmoji(all: readonly Emoji[], typed: string, most = 96): readonly Emoji[] {
  const wanted = typed.toLocaleLowerCase().trim().split(/\s+/u).filter((word) => word !== '');
  if (wanted.length === 0) return [];
  const begins = (words: string, word: string): boolean => words.startsWith(word) || words.includes(` ${word}`);
  const found = all.filter(({ words, sign }) => sign === typed.trim() || wanted.every((word) => begins(words, word)));
  const first = (emoji: Emoji): number => (wanted.every((word) => begins(emoji.name.toLocaleLowerCase(), word)) ? 0 : 1);
  return found.toSorted((a, b) => first(a) - first(b)).slice(0, most);
}
