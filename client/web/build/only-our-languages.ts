import type { Plugin } from 'vite';

const LANGUAGE_FILE = /\/react-(?:aria|stately|aria-components)\/.*\/intl\/(?:[\w-]+\/)?([a-z]{2})-[A-Z]{2}\.m?js$/;

/** react-aria carries its few own words in thirty languages; only those the client speaks are shipped. */
export const onlyOurLanguages = (languages: readonly string[]): Plugin => ({
  name: 'only-our-languages',
  enforce: 'pre',
  load: (id) => {
    const language = LANGUAGE_FILE.exec(id)?.[1];
    return language === undefined || languages.includes(language) ? null : 'export default {};';
  },
});
