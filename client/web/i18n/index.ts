/** The words of the interface. A new language is a folder beside en and a line in `catalogues`. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';

export type Words = typeof en;
export const catalogues = { en: { translation: en } };
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words };
    returnNull: false;
  }
}

/** "en" of "en-GB". */
const baseOf = (language: string): string => language.split('-')[0] as string;

/** Takes the browser's language where there is a catalogue for it, else English; with its country, which says how times are written. */
export async function startWords(languages: readonly string[]): Promise<void> {
  const known = Object.keys(catalogues);
  const wanted = languages.find((language) => known.includes(baseOf(language)));
  await i18next.use(initReactI18next).init({
    lng: wanted ?? 'en',
    fallbackLng: 'en',
    resources: catalogues,
    // React escapes; escaping twice would show entities.
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = i18next.language;
  document.documentElement.dir = rightToLeft.has(baseOf(i18next.language)) ? 'rtl' : 'ltr';
}
