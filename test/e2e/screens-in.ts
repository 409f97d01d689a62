/** Goes through every screen in one look: a theme, a language with its direction, a size of window. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, standsLargeLetters } from '../harness/accessible.ts';
import { DESKTOP, PHONE, SHOTS, startBrowser } from '../harness/browser.ts';
import { startMadeUpHub, type MadeUpHub } from '../harness/made-up-hub.ts';
import { SCREENS, type ScreenOf, type Words } from './screens.ts';

export interface Look {
  readonly theme: 'light' | 'dark';
  readonly language: string;
  readonly window: 'phone' | 'desktop';
}

/** Every screen in each of these looks, from one browser. @param screens which of them in the look of this place; all, if not given */
export function describeScreens(looks: readonly Look[], screens: (place: number) => readonly ScreenOf[] = () => SCREENS): void {
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

    it.each(looks.map((look, place) => ({ ...look, place })))('in $theme, $language, on a $window', ({ place, ...look }) => goThrough(browser, hub, look, screens(place)));
  });
}

/** Opens these screens with this look, has axe read each, and doubles the letters. */
async function goThrough(browser: Browser, hub: MadeUpHub, look: Look, screens: readonly ScreenOf[]): Promise<void> {
  const context = await browser.newContext({ viewport: look.window === 'phone' ? PHONE : DESKTOP, colorScheme: look.theme, locale: 'en-GB', reducedMotion: 'reduce' });
  await context.addInitScript((chosen) => location.protocol === 'http:' && localStorage.setItem('thicket-preferences', chosen), JSON.stringify({ theme: look.theme, language: look.language }));
  const page = await context.newPage();
  const mishaps: string[] = [];
  page.on('pageerror', (error) => mishaps.push(error.message));
  const words = wordsOf(look.language);
  const problems: string[] = [];
  for (const screen of screens) {
    const name = `${screen.name}, ${look.theme}, ${look.language}, ${look.window}`;
    try {
      await show(page, hub, screen, words, name);
      await page.screenshot({ path: `${SHOTS}/screen-${name.replaceAll(/, ?/g, '-').replaceAll(' ', '-')}.png` });
      await accessible(page, name);
      await standsLargeLetters(page, name);
    } catch (thrown) {
      problems.push(String(thrown), ...(thrown instanceof Error && thrown.cause !== undefined ? [String(thrown.cause)] : []));
    }
  }
  // All of them at once: mending one screen after another would take as many runs.
  expect([...problems, ...mishaps]).toEqual([]);
  await context.close();
}

async function show(page: Page, hub: MadeUpHub, { scene, reach }: ScreenOf, words: Words, name: string): Promise<void> {
  await page.goto('about:blank');
  const [query, fragment] = scene.split('#');
  await page.goto(`${hub.page}?${query}${fragment === undefined ? '' : `#${fragment}`}`);
  try {
    page.setDefaultTimeout(8_000);
    await page.locator('#root > *').first().waitFor();
    await page.getByRole('main').or(page.getByRole('navigation')).first().waitFor();
    await reach?.(page, words);
    await page.getByRole('heading').filter({ visible: true }).first().waitFor();
    // What comes by `import()` is there, and what it asks the session for.
    await page.waitForFunction(() => document.querySelectorAll('.timeline-wait, [aria-busy=true]').length === 0);
  } catch (thrown) {
    throw new Error(`did not come to ${name}`, { cause: thrown });
  }
}

function wordsOf(language: string): Words {
  const folder = new URL(`../../client/web/i18n/${language}/`, import.meta.url);
  const words = new Map<string, string>(readdirSync(folder).filter((file) => file.endsWith('.json')).flatMap((file) => {
    const part = file.replace('.json', '');
    return Object.entries(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>).map(([key, text]) => [`${part}.${key}`, text] as const);
  }));
  return (key) => {
    const text = words.get(key);
    if (text === undefined) throw new Error(`${language} has no ${key}`);
    return text;
  };
}
