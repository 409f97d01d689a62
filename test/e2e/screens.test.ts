/** Every screen can be used without seeing it, and by people who need large letters: both themes, both directions, both sizes. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { SHOTS, startBrowser } from '../harness/browser.ts';
import { startMadeUpHub, type MadeUpHub } from '../harness/made-up-hub.ts';
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

  it.each(LOOKS)('in $theme, $language, on a $window', (look) => goThrough(browser, hub, look));
});
