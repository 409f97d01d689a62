/** The words of the interface, in the language that was chosen or that the browser asks for. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { first } from './en/first.ts';
import { languageOf, tagFor, type Language, type Words } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words };
    returnNull: false;
  }
}

/** The first words of English come with the app: they stand in where a language cannot be loaded. */
export async function startWords(chosen: Language | 'system', browser: readonly string[]): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: first } },
    // React escapes; escaping twice would show entities.
    interpolation: { escapeValue: false },
  });
  await speak(chosen, browser);
}

/** The rest of English, for the screens behind the lock. */
export async function restOfWords(): Promise<void> {
  const { rest } = await import('./en/rest.ts');
  i18next.addResourceBundle('en', 'translation', rest, true, true);
}

/** Changes the language of all that is on the screen. Without a connection it may stay as it is. */
export async function speak(chosen: Language | 'system', browser: readonly string[]): Promise<void> {
  const tag = tagFor(chosen, browser);
  const language = languageOf(tag);
  if (language !== undefined && language.code !== 'en' && !i18next.hasResourceBundle(language.code, 'translation')) {
    try {
      i18next.addResourceBundle(language.code, 'translation', await language.words());
    } catch {
      return showDirection();
    }
  }
  await i18next.changeLanguage(tag);
  showDirection();
}

function showDirection(): void {
  document.documentElement.lang = i18next.language;
  document.documentElement.dir = languageOf(i18next.language)?.direction ?? 'ltr';
}
