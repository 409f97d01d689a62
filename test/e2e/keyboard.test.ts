/** The main story by somebody who has no mouse: every step is reached with Tab, and what has the focus can be seen to have it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserPerson, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const MOST_TABS = 80;

/** What a screen reader would call the element that has the focus, and whether it shows. */
const focused = (page: Page): Promise<{ name: string; shows: boolean }> => page.evaluate(() => {
  const element = document.activeElement as HTMLElement;
  const labels = (element as HTMLInputElement).labels;
  const name = element.getAttribute('aria-label') ?? (labels && labels.length > 0 ? labels[0]?.textContent : undefined) ??
    (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  // A field may leave its ring to the frame around it.
  const drawn = [element, element.parentElement, element.parentElement?.parentElement].some((box) => {
    if (!box) return false;
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(box);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || (box.matches(':focus-within') && borderColor !== '');
  });
  return { name: (name || element.textContent || '').trim(), shows: element !== document.body && drawn };
});

/** Presses Tab until what is called so has the focus. */
async function tabTo(page: Page, wanted: string | RegExp): Promise<void> {
  const met: string[] = [];
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    const { name, shows } = await focused(page);
    if (typeof wanted === 'string' ? name === wanted : wanted.test(name)) {
      expect(shows, `one sees that “${name}” has the focus`).toBe(true);
      return;
    }
    met.push(name.slice(0, 40));
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${String(wanted)} with Tab; met ${met.join(' | ')}`);
}

const press = async (page: Page, wanted: string | RegExp): Promise<void> => {
  await tabTo(page, wanted);
  await page.keyboard.press('Enter');
};
const write = async (page: Page, field: string | RegExp, text: string): Promise<void> => {
  await tabTo(page, field);
  await page.keyboard.insertText(text);
};

describe('without a mouse', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, dana: BrowserPerson, eli: TestPerson;

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    dana = await BrowserPerson.arrive(browser, 'Dana', relay.origin);
    eli = await TestPerson.arrive('Eli', { live: true });
  });
  afterAll(async () => {
    await browser?.close();
    await eli?.session.close();
    await relay?.stop();
  });

  it('dana founds a hub', async () => {
    const { page } = dana;
    await page.goto(relay.foundingLink as string);
    await page.getByLabel('Name of the hub').waitFor();
    await write(page, /Name of the hub/u, 'Corner Shop Union');
    await write(page, /Your display name/u, 'Dana');
    await write(page, /^Passphrase/u, PASSPHRASE);
    await write(page, /Repeat the passphrase/u, PASSPHRASE);
    await press(page, 'Start the hub');
    await dana.atHome();
  });

  it('she invites eli, compares the words, and lets him in', async () => {
    const { page } = dana;
    await press(page, /^Invite/u);
    await press(page, 'Make an invitation link');
    const field = page.getByTestId('invitation-link').first();
    await field.waitFor();
    const { phrase } = await eli.session.join(await field.inputValue(), { name: 'Eli', passphrase: PASSPHRASE });
    await dana.request('Eli').waitFor();
    expect(await dana.phraseOn(dana.request('Eli'))).toBe(phrase.join(' '));
    await press(page, 'The words match');
    await until(async () => (await eli.session.overview()).stage === 'open', 'eli to be let in');
    await dana.request('Eli').waitFor({ state: 'detached' });
  });

  it('she makes a room, adds him, and they talk', async () => {
    const { page } = dana;
    await press(page, 'New room');
    await page.getByRole('dialog').waitFor();
    await write(page, /Name of the room/u, 'Night shift');
    await press(page, 'Make a room');
    await page.getByRole('heading', { name: 'Night shift' }).first().waitFor();
    await press(page, 'Add somebody');
    await page.getByRole('complementary').waitFor();
    await page.keyboard.press('Tab');
    await press(page, 'Add somebody');
    await page.getByRole('dialog').waitFor();
    await press(page, 'Add Eli');
    await until(async () => (await eli.session.rooms()).some(({ active }) => active), 'eli to be in the room');
    await press(page, 'Done');
    await page.keyboard.press('Escape');
    await write(page, /Write a message/u, 'Are you all on tonight?');
    await page.keyboard.press('Enter');
    const room = (await eli.session.rooms())[0]?.id as string;
    await until(async () => (await eli.texts(room)).includes('Are you all on tonight?'), 'eli to read it');
    await eli.say(room, 'All of us.');
    await dana.reads('All of us.');
    expect(dana.complaints).toEqual([]);
  });
});
