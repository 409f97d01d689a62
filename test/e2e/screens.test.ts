/**
 * Every screen can be used without seeing it, and by people who need large letters: both themes, both directions, both
 * sizes. Each screen in one of two opposite looks here, in all of them in screens.long.ts.
 */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { SHOTS, startBrowser } from '../harness/browser.ts';
import { startMadeUpHub, type MadeUpHub } from '../harness/made-up-hub.ts';
import { SCREENS } from './screens.ts';
import { goThrough, type Look } from './screens-in.ts';

const LOOKS: readonly Look[] = [
  { theme: 'light', language: 'en', window: 'desktop' },
  { theme: 'dark', language: 'ar', window: 'phone' },
];

describe('every screen', () => {
  let hub: MadeUpHub, browser: Browser;
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    [hub, browser] = await Promise.all([startMadeUpHub(), startBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
  });

  it.each(LOOKS.map((look, turn) => ({ ...look, turn })))('in $theme, $language, on a $window', ({ turn, ...look }) =>
    goThrough(browser, hub, look, SCREENS.filter((_, index) => index % LOOKS.length === turn)));
});
