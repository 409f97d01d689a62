/**
 * Every screen can be used without seeing it, and by people who need large letters: both themes, both directions, both
 * sizes. Each screen in one of two opposite looks here, in all of them in screens.long.ts.
 */
import { SCREENS } from './screens.ts';
import { describeScreens, type Look } from './screens-in.ts';

const LOOKS: readonly Look[] = [
  { theme: 'light', language: 'en', window: 'desktop' },
  { theme: 'dark', language: 'ar', window: 'phone' },
];

describeScreens(LOOKS, (place) => SCREENS.filter((_, index) => index % LOOKS.length === place));
