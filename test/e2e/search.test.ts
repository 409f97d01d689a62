/** Alice looks for what was said, in a browser: as she types, with filters, by keyboard, without a line. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserPerson, DESKTOP, PHONE, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { startTestRelay } from '../harness/relay.ts';

describe('searching', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>;
  let browser: Browser;
  let alice: BrowserPerson;
  const field = () => alice.page.getByRole('searchbox', { name: 'What to look for' });
  const hits = () => alice.page.getByRole('listbox', { name: 'What was found' }).getByRole('option');

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    alice = await BrowserPerson.arrive(browser, 'Alice', relay.origin);
    await alice.found(relay.foundingLink as string, 'Riverside Tenants');
    await alice.createRoom('Kitchen crew');
    for (const text of ['We meet at six on Thursday', 'La reunión es mañana, traed la olla grande', 'اجتماع المستأجرين يوم الخميس', 'Soup recipe: https://example.org/soup']) await alice.say(text);
    await alice.page.keyboard.press('Escape');
    await alice.createRoom('Rent strike');
    await alice.say('The strike begins when we all meet at the courthouse');
    await alice.allSent();
  });
  afterAll(async () => {
    await browser?.close();
    await relay?.stop();
  });

  it('finds as she types, newest first, and says how many', async () => {
    await alice.page.setViewportSize(DESKTOP);
    await alice.page.getByRole('button', { name: 'Search messages' }).click();
    await field().waitFor();
    await alice.shot('search-1-empty');
    await field().pressSequentially('meet');
    await alice.page.getByText('2 messages', { exact: true }).waitFor();
    expect(await hits().allInnerTexts()).toEqual([expect.stringContaining('courthouse'), expect.stringContaining('six on Thursday')]);
    expect(await hits().first().locator('mark').allInnerTexts()).toEqual(['meet']);
    await alice.shot('search-2-results');
  });
  it('narrows by a chip, and takes it away', async () => {
    await alice.page.getByRole('button', { name: 'Room', exact: true }).click();
    await alice.shot('search-3-chip');
    await alice.page.getByRole('menuitemradio', { name: 'Kitchen crew' }).click();
    await alice.page.getByText('1 message', { exact: true }).waitFor();
    expect(await hits().allInnerTexts()).toEqual([expect.stringContaining('six on Thursday')]);
    await alice.shot('search-4-filtered');
    await alice.page.getByRole('button', { name: 'Take away: Room' }).click();
    await alice.page.getByText('2 messages', { exact: true }).waitFor();
  });
  it('goes to the message by keyboard, and back to the same results', async () => {
    await field().click();
    await alice.page.keyboard.press('ArrowDown');
    await alice.page.keyboard.press('ArrowDown');
    await alice.page.keyboard.press('Enter');
    await alice.page.getByRole('heading', { name: 'Kitchen crew' }).waitFor();
    await alice.page.getByText('We meet at six on Thursday').waitFor();
    await alice.page.goBack();
    await alice.page.getByText('2 messages', { exact: true }).waitFor();
    expect(await field().inputValue()).toBe('meet');
  });
  it('finds without a line, accents or Arabic articles; says so when there is nothing', async () => {
    await alice.page.context().setOffline(true);
    try {
      await alice.page.setViewportSize(PHONE);
      await field().fill('reunion ol');
      await alice.page.getByText('1 message', { exact: true }).waitFor();
      await field().fill('المستاجرين');
      await alice.page.getByText('1 message', { exact: true }).waitFor();
      await alice.shot('search-5-phone');
      await field().fill('zebra');
      await alice.page.getByText('Nothing found').waitFor();
      await alice.shot('search-6-nothing');
    } finally {
      await alice.page.context().setOffline(false);
      await alice.page.setViewportSize(DESKTOP);
    }
  });
  it('remembers what was looked for until she locks', async () => {
    await field().fill('');
    await alice.page.getByText('Looked for lately').waitFor();
    await alice.shot('search-7-recent');
    await alice.page.getByRole('button', { name: 'Lock now' }).click();
    await alice.unlock();
    await alice.button('Search messages').waitFor();
    await alice.page.keyboard.press('Control+f');
    await alice.page.getByText('Only this device is searched.', { exact: false }).waitFor();
  });
});
