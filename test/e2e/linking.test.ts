/** Rosa links her phone with the computer she founded the hub on, and takes it out again. Two browsers, one person. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BrowserPerson, PHONE, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { PASSPHRASE } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

let relay: TestRelay;
let browser: Browser;
beforeAll(async () => {
  relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await relay.stop();
});

it('links a phone by the code on the computer, and removes it', async () => {
  const computer = await BrowserPerson.arrive(browser, 'Rosa', relay.origin);
  await computer.found(relay.foundingLink as string, 'Riverside Tenants');
  await computer.createRoom('Stairwell B');
  await computer.say('written before the phone');
  await computer.allSent();

  await computer.button(/^Settings/u).first().click();
  await computer.button('Your devices').click();
  await computer.shot('devices-alone-desktop');
  await computer.button('Link another device').click();
  const link = await computer.page.getByTestId('device-link').inputValue();
  await computer.page.getByRole('img', { name: /QR code/u }).waitFor();
  await computer.shot('devices-code-desktop');

  const phone = await BrowserPerson.arrive(browser, 'Rosa', relay.origin, { viewport: PHONE, colorScheme: 'dark' });
  await phone.page.goto(relay.origin);
  await phone.page.getByText('I already use Thicket on another device').click();
  await phone.shot('devices-welcome-phone');
  await phone.page.getByLabel('Your invitation link').fill(link);
  await phone.button('Continue').click();
  expect(await phone.page.getByLabel('Name of this device').inputValue()).not.toBe('');
  await phone.page.getByLabel('Name of this device').fill('My phone');
  await phone.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await phone.page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  await phone.shot('devices-new-phone');
  await phone.button('Ask my other device').click();
  const said = await phone.phraseOn(phone.page);
  await phone.shot('devices-waiting-phone');

  const request = computer.page.getByTestId('link-request');
  await request.waitFor();
  await computer.shot('devices-compare-desktop');
  expect(await computer.phraseOn(request)).toBe(said);
  await computer.button('The words match', request).click();

  await phone.atHome();
  await phone.page.getByTestId('room-link').filter({ hasText: 'Stairwell B' }).waitFor();
  await phone.openRoom('Stairwell B');
  await phone.say('from the phone');
  await phone.allSent();
  await computer.page.locator('[data-testid="device"][data-name="My phone"][data-state="here"]').waitFor();
  await computer.shot('devices-two-desktop');

  await computer.button('Send past messages to My phone').click();
  await computer.button('Send them', computer.page.getByRole('dialog')).click();
  await computer.page.getByRole('dialog').waitFor({ state: 'detached' });
  await phone.reads('written before the phone');

  await computer.button('Remove My phone').click();
  await computer.shot('devices-remove-desktop');
  await computer.button('Remove this device', computer.page.getByRole('alertdialog')).click();
  await computer.page.locator('[data-testid="device"][data-name="My phone"]').waitFor({ state: 'detached' });
  await phone.page.getByTestId('removed-here').waitFor();
  await phone.shot('devices-removed-phone');

  await computer.openRoom('Stairwell B');
  await computer.reads('from the phone');
  await computer.page.locator('[data-event="device-added"]').waitFor();
  await computer.page.locator('[data-event="device-removed"]').waitFor();
  expect([...computer.complaints, ...phone.complaints]).toEqual([]);
});
