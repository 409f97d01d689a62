/** The languages of the interface. A new one is a folder beside en, a line here and one in client/web/vite.config.ts. */
import type { en } from './en/index.ts';

export type Words = typeof en;
export type Language = 'en' | 'es' | 'ar' | 'he';

export interface LanguageFacts {
  readonly code: Language;
  /** In the language itself: whoever looks for it reads nothing else. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** A native reader has gone through all of it. Until then the settings say that nobody has. */
  readonly reviewed: boolean;
  readonly words: () => Promise<object>;
}

export const LANGUAGES: readonly LanguageFacts[] = [
  { code: 'en', name: 'English', direction: 'ltr', reviewed: true, words: async () => (await import('./en/index.ts')).en },
  { code: 'es', name: 'Español', direction: 'ltr', reviewed: false, words: async () => (await import('./es/index.ts')).es },
  { code: 'ar', name: 'العربية', direction: 'rtl', reviewed: false, words: async () => (await import('./ar/index.ts')).ar },
  { code: 'he', name: 'עברית', direction: 'rtl', reviewed: false, words: async () => (await import('./he/index.ts')).he },
];

/** "en" of "en-GB". */
const baseOf = (tag: string): string => tag.split('-')[0] as string;

/** @returns the language of a tag such as "es-MX", if it is one of ours */
export const languageOf = (tag: string): LanguageFacts | undefined => LANGUAGES.find(({ code }) => code === baseOf(tag));

/** The tag to write words and times by: what was chosen, else the first the browser names that is one of ours, with its country. */
export function tagFor(chosen: Language | 'system', browser: readonly string[]): string {
  const spoken = browser.filter((tag) => languageOf(tag) !== undefined);
  if (chosen === 'system') return spoken[0] ?? 'en';
  return spoken.find((tag) => baseOf(tag) === chosen) ?? chosen;
}
