/** One person's browser in the situations of a day: two tabs, a phone at night, no connection, links that are no good. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible } from '../harness/accessible.ts';
import { BrowserPerson, PHONE, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Laundry room committee';

describe('the days of a device', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser;
  let ana: TestPerson, bea: BrowserPerson, room: string;

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    ana = await TestPerson.arrive('Ana', { live: true });
    await ana.found(relay.foundingLink as string, 'Hillside Co-op');
    bea = await BrowserPerson.arrive(browser, 'Bea', relay.origin, { viewport: PHONE, colorScheme: 'dark' });
  });
  afterAll(async () => {
    await browser?.close();
    await ana?.session.close();
    await relay?.stop();
  });

  it('a phone at night: bea joins, and every screen can be used without seeing it', async () => {
    await bea.page.goto(relay.origin);
    await bea.page.getByLabel('Your invitation link').waitFor();
    await bea.shot('phone-01-welcome');
    await accessible(bea.page, 'welcome');
    const { id, link } = await ana.session.invite();
    const said = await bea.join(link);
    await bea.shot('phone-02-waiting');
    await accessible(bea.page, 'waiting');
    await ana.session.admit(id, said);
    await bea.page.getByText('No rooms yet').first().waitFor();
    await bea.online();
    await bea.shot('phone-03-no-rooms');
    await accessible(bea.page, 'no rooms');

    room = await ana.session.createRoom(ROOM);
    await ana.add(room, 'Bea');
    await ana.say(room, 'The dryer on the left works again. Thank you, Bea!');
    await ana.say(room, 'شكراً لكم جميعاً');
    await bea.openRoom(ROOM);
    await bea.reads('شكراً');
    await bea.say('My pleasure. See https://example.org/manual for the rest.');
    await bea.allSent();
    await bea.shot('phone-04-room');
    await accessible(bea.page, 'room');
    expect(await bea.page.getByRole('link', { name: 'https://example.org/manual' }).getAttribute('rel')).toContain('noreferrer');
  });

  it('what is typed is text: no markup, no script', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script> <b>not bold</b>';
    await ana.say(room, hostile);
    await bea.reads('not bold');
    expect(await bea.page.getByTestId('message-text').last().textContent()).toBe(hostile);
    expect(await bea.page.title()).not.toBe('1');
  });

  it('two tabs are one engine: both show and send, and when the first closes the second goes on', async () => {
    const second = await bea.context.newPage();
    await second.goto(relay.origin);
    await second.getByTestId('room-link').filter({ hasText: ROOM }).click();
    await typeInto(second, 'from the second tab');
    await bea.reads('from the second tab');
    await bea.say('from the first tab');
    await second.getByTestId('message-text').filter({ hasText: 'from the first tab' }).waitFor();
    await until(async () => (await ana.texts(room)).filter((text) => text.startsWith('from the')).length === 2, 'both tabs to be heard');

    // Locked from the tab that does not run the engine: the worker that held the keys is ended, and another one starts.
    const before = bea.page.workers();
    expect([before.length, second.workers().length]).toEqual([1, 0]);
    const ended = before[0]?.waitForEvent('close');
    await second.keyboard.press('Control+Shift+L');
    await ended;
    for (const page of [bea.page, second]) await page.getByLabel('Passphrase', { exact: true }).waitFor();
    expect([bea.page.workers().length, second.workers().length]).toEqual([1, 0]);
    expect(bea.page.workers()[0] === before[0]).toBe(false);
    await bea.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await bea.page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await second.getByTestId('room-link').filter({ hasText: ROOM }).click();
    await typeInto(second, 'from the next engine');
    await until(async () => (await ana.texts(room)).at(-1) === 'from the next engine', 'the next engine to be heard');

    await bea.page.close();
    await second.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await second.getByRole('button', { name: 'Unlock', exact: true }).click();
    await second.getByTestId('room-link').filter({ hasText: ROOM }).click();
    await typeInto(second, 'still here');
    await until(async () => (await ana.texts(room)).at(-1) === 'still here', 'the second tab to be heard');
    expect((await ana.texts(room)).filter((text) => /from the|still here/u.test(text)))
      .toEqual(['from the second tab', 'from the first tab', 'from the next engine', 'still here']);
    await second.close();
  });

  it('without a connection: it says so, keeps what is written, and sends it once when the connection is back', async () => {
    const page = await bea.context.newPage();
    await page.goto(relay.origin);
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Passphrase', { exact: true }).press('Enter');
    await page.locator('[data-connection="online"]').first().waitFor({ state: 'attached' });
    await page.getByTestId('room-link').filter({ hasText: ROOM }).click();
    await relay.stop();
    await page.getByText('You are offline', { exact: false }).first().waitFor({ timeout: 60_000 });
    await typeInto(page, 'written in the tunnel');
    await page.locator('[data-testid="message"][data-state="sending"]').waitFor();
    await page.screenshot({ path: 'test/output/screenshots/phone-05-offline.png' });
    await accessible(page, 'offline');
    await relay.restart();
    await page.locator('[data-testid="message"][data-state="sent"]').filter({ hasText: 'written in the tunnel' }).waitFor({ timeout: 60_000 });
    await until(async () => (await ana.texts(room)).includes('written in the tunnel'), 'ana to read it', 60_000);
    expect((await ana.texts(room)).filter((text) => text === 'written in the tunnel')).toHaveLength(1);
    await page.close();
  });

  it('links that are no good say so in words, and leave nothing behind', async () => {
    const { link } = await ana.session.invite();
    const thief = await TestPerson.arrive('Thief');
    await thief.session.join(link, { name: 'Thief', passphrase: PASSPHRASE });
    for (const [bad, words] of [
      [link, 'Somebody else used this link before you'],
      [`${relay.origin}/#join=AAAA`, 'This is not a link Thicket knows'],
      [`${relay.origin}/#found=${Buffer.alloc(32).toString('base64url')}`, 'started already'],
    ] as const) {
      const stranger = await BrowserPerson.arrive(browser, 'Stranger', relay.origin);
      await stranger.page.goto(bad);
      const submit = stranger.page.getByRole('button', { name: /^(Ask to join|Start the hub)$/u });
      const said = stranger.page.getByText(words, { exact: false }).first();
      await submit.or(said).first().waitFor();
      if (await submit.isVisible()) {
        if (await stranger.page.getByLabel('Name of the hub').isVisible()) await stranger.page.getByLabel('Name of the hub').fill('Mine now');
        await stranger.fillProfile();
        await submit.click();
      }
      await said.waitFor();
      await stranger.shot(`problem-${words.split(' ')[0]?.toLowerCase()}`);
      await stranger.context.close();
    }
    await thief.session.close();
  });

  it('by keyboard alone: unlock, find a room, write, lock', async () => {
    const cleo = await BrowserPerson.arrive(browser, 'Cleo', relay.origin);
    const { id, link } = await ana.session.invite();
    await ana.session.admit(id, await cleo.join(link));
    await cleo.atHome();
    await ana.add(room, 'Cleo');
    await cleo.page.getByTestId('room-link').waitFor();
    const { keyboard } = cleo.page;
    await keyboard.press('Control+K');
    await cleo.page.getByRole('dialog').waitFor();
    await keyboard.type('laundry');
    await keyboard.press('Enter');
    await cleo.page.getByRole('heading', { name: ROOM }).first().waitFor();
    await until(() => cleo.page.getByLabel('Write a message').evaluate((field) => field === document.activeElement), 'the composer to have the focus');
    await keyboard.type('No mouse was harmed.');
    await keyboard.press('Enter');
    await until(async () => (await ana.texts(room)).includes('No mouse was harmed.'), 'ana to read it');
    await accessible(cleo.page, 'desktop room');
    await cleo.button('People in this room').focus();
    await keyboard.press('Enter');
    await cleo.page.getByRole('complementary').waitFor();
    await keyboard.press('Escape');
    await cleo.page.getByRole('complementary').waitFor({ state: 'detached' });
    expect(cleo.complaints).toEqual([]);
  });
});

async function typeInto(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text);
  const send = page.getByRole('button', { name: 'Send', exact: true });
  await send.click();
}
