/** Every language on every window in both themes. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { LANGUAGES } from '../../client/web/i18n/languages.ts';
import { SHOTS, startBrowser } from '../harness/browser.ts';
import { startMadeUpHub, type MadeUpHub } from '../harness/made-up-hub.ts';
import { goThrough, type Look } from './screens-in.ts';

const LOOKS: readonly Look[] = LANGUAGES.flatMap(({ code }) => (['light', 'dark'] as const).flatMap((theme) =>
  (['desktop', 'phone'] as const).map((window): Look => ({ theme, language: code, window }))));

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
