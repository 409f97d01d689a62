/** Every language on every window in both themes. */
import { LANGUAGES } from '../../client/web/i18n/languages.ts';
import { describeScreens, type Look } from './screens-in.ts';

describeScreens(LANGUAGES.flatMap(({ code }) => (['light', 'dark'] as const).flatMap((theme) =>
  (['desktop', 'phone'] as const).map((window): Look => ({ theme, language: code, window })))));
