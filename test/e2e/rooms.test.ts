/** Looking after a room in the browser: roles, what it is set to, how one looks in it, messages that vanish, leaving. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible } from '../harness/accessible.ts';
import { BrowserPerson, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { foundHub, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Stairwell B';

describe('looking after a room', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser;
  let bob: TestPerson, ana: BrowserPerson;

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    const founder = await foundHub(relay.foundingLink as string, 'Rosa', { live: true });
    bob = founder;
    ana = await BrowserPerson.arrive(browser, 'Ana', relay.origin);
    await ana.page.goto(relay.origin);
    const { id, link } = await founder.session.invite();
    await founder.session.admit(id, await ana.join(link));
    await ana.page.getByText('No rooms yet').first().waitFor();
    await ana.online();
    await ana.createRoom(ROOM);
  });
  afterAll(async () => {
    await browser?.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('gives a role, a timer and a look, and everybody sees it', async () => {
    const { page } = ana;
    await ana.add('Rosa');
    await page.getByRole('button', { name: 'What Rosa does in this room' }).click();
    await page.getByRole('menuitemradio', { name: /Helps look after it/ }).click();
    await page.getByTestId('event').filter({ hasText: 'You let Rosa help look after this room.' }).waitFor();
    await page.locator('label').filter({ hasText: '8 hours' }).click();
    await page.getByTestId('event').filter({ hasText: '8 hours' }).waitFor();
    await ana.shot('rooms-01-desktop');
    await accessible(page, 'room pane');

    await page.getByRole('button', { name: 'How you look here' }).click();
    await page.getByLabel('Your name in this room').fill('Treasurer');
    await page.locator('label.look-colour').nth(10).click();
    await page.getByTestId('look-picture').setInputFiles({ name: 'me.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1"/>') });
    await page.getByText('That picture cannot be used').waitFor();
    await ana.shot('rooms-02-look');
    await accessible(page, 'how one looks');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    const room = (await bob.session.rooms())[0]?.id ?? '';
    await until(async () => (await bob.session.members(room)).some(({ name, colour }) => name === 'Treasurer' && colour === 10), 'Rosa to see the name');
    await ana.say('meet at six');
    await page.getByTestId('vanishing').first().waitFor();
    expect(await bob.texts(room)).toEqual(['meet at six']);
    expect((await bob.session.rooms())[0]).toMatchObject({ role: 'moderator', vanishAfter: 28_800 });
  });

  it('the last who looks after it names another before leaving; the past room can be taken off the device', async () => {
    const { page } = ana;
    await page.getByRole('button', { name: 'Leave this room' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByText('Nobody else looks after this room').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'What Rosa does in this room' }).click();
    await page.getByRole('menuitemradio', { name: /^Looks after this room/ }).click();
    await page.getByTestId('event').filter({ hasText: 'You let Rosa look after this room.' }).waitFor();
    await page.getByRole('button', { name: 'Leave this room' }).click();
    await ana.shot('rooms-03-leave');
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('button', { name: 'Delete from this device' }).waitFor();
    await ana.shot('rooms-04-past');
    await page.getByRole('button', { name: 'Delete from this device' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await until(async () => (await page.getByText(ROOM).count()) === 0 || (await page.getByText('No rooms yet').count()) > 0, 'the room to be gone');
  });
});
