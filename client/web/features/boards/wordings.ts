/** Which wording of an announcement somebody reads. Pure. */
import type { Wording } from '#core/session/api.ts';

const baseOf = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';

/** @param spoken what the reader reads, best first: BCP 47 @returns the wording in the first of them there is, else the first one */
export function wordingFor(wordings: readonly Wording[], spoken: readonly string[]): Wording | undefined {
  for (const tag of spoken) {
    const found = wordings.find(({ language }) => language.toLowerCase() === tag.toLowerCase()) ?? wordings.find(({ language }) => baseOf(language) === baseOf(tag));
    if (found) return found;
  }
  return wordings[0];
}

/** What this reader reads: the language of the interface, then what the browser says. */
export const spokenHere = (interfaceLanguage: string): readonly string[] => [interfaceLanguage, ...navigator.languages];

const memo = new Map<string, Intl.DisplayNames>();
/** A language by its name in another one, such as `Arabic`; the tag itself where nobody knows a name, or it is none. */
export function languageName(tag: string, inLanguage: string): string {
  try {
    let names = memo.get(inLanguage);
    if (!names) memo.set(inLanguage, (names = new Intl.DisplayNames(inLanguage, { type: 'language' })));
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
/** Its own name, for those who read nothing else: `العربية`. */
export const ownLanguageName = (tag: string): string => languageName(tag, tag);
