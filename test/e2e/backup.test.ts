/** Rosa's device is lost: what she wrote down brings back who she is and what was said, and Alice compares words with her. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible } from '../harness/accessible.ts';
import { BrowserPerson, PHONE, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { PASSPHRASE } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

const ROOM = 'Stairwell B';

describe('a device that is lost', () => {
  let relay: TestRelay, browser: Browser;
  let alice: BrowserPerson, rosa: BrowserPerson;
  let words: string[];
  let file: Buffer;

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    alice = await BrowserPerson.arrive(browser, 'Alice', relay.origin);
    rosa = await BrowserPerson.arrive(browser, 'Rosa', relay.origin, { viewport: PHONE, colorScheme: 'dark' });
    await alice.found(relay.foundingLink as string, 'Riverside Tenants');
    await alice.admit('Rosa', await rosa.join(await alice.invite()));
    await alice.createRoom(ROOM);
    await rosa.page.getByText('No rooms yet').first().waitFor();
    await rosa.online();
    await alice.add('Rosa');
    await alice.say('the boiler man comes on Friday');
    await rosa.openRoom(ROOM);
    await rosa.reads('on Friday');
    await rosa.say('I have the key');
    await alice.reads('I have the key');
  });
  afterAll(async () => {
    await browser?.close();
    await relay?.stop();
  });

  it('alice compares the safety phrase with rosa, and it is kept', async () => {
    const [hers, alices] = [await rosa.safetyPhraseWith('Alice'), await alice.safetyPhraseWith('Rosa')];
    expect(hers.split(' ')).toHaveLength(6);
    expect(alices).toBe(hers);
    await alice.shot('verify-01-words');
    await accessible(alice.page, 'safety phrase');
    await alice.button('They are the same', alice.page.getByRole('dialog')).click();
    await alice.page.getByTestId('verified').and(alice.page.locator('[data-verified="yes"]')).waitFor();
    await rosa.button('They are the same', rosa.page.getByRole('dialog')).click();
    await rosa.page.locator('[data-verified="yes"]').waitFor();
    await rosa.shot('verify-02-verified-phone');
  });

  it('rosa makes a backup: the words are shown once, and she types three of them again', async () => {
    const { page } = rosa;
    await rosa.settings();
    await rosa.button('Make a backup').click();
    const list = page.getByTestId('recovery-words').locator('li');
    await list.first().waitFor();
    words = (await list.allInnerTexts()).map((word) => word.trim());
    expect(words).toHaveLength(12);
    await rosa.shot('backup-01-words-phone');
    await rosa.button('I have written them down').click();
    await page.getByRole('alertdialog').getByRole('textbox').first().waitFor();
    for (const [index, word] of words.entries()) {
      const field = page.getByLabel(`Word ${index + 1}`, { exact: true });
      if ((await field.count()) > 0) await field.fill(word);
    }
    const [download] = await Promise.all([page.waitForEvent('download'), rosa.button('Save the backup').click()]);
    expect(download.suggestedFilename()).toMatch(/^thicket-backup-\d{4}-\d\d-\d\d\.thicket$/);
    file = await readFile(await download.path());
    await page.getByText('Your backup is made').waitFor();
    await rosa.button('Done').click();
    await page.locator('[data-testid="backup-state"][data-due="false"]').waitFor();
    for (const word of words) expect(await page.locator('body').innerText()).not.toMatch(new RegExp(`${words.join('\\s+')}|^${word}$`));
  });

  it('the device is erased; from the file and the words she reads again what was said', async () => {
    const { page } = rosa;
    await page.keyboard.press('Control+Shift+L');
    await rosa.button('Erase this device').click();
    await page.getByRole('checkbox').check({ force: true });
    await rosa.button('Erase everything here').click();
    await page.getByLabel('Your invitation link').waitFor();
    expect(await page.evaluate(entriesLeft)).toBe(0);
    await alice.say('Rosa, are you there?');
    await alice.allSent();

    await rosa.button('Restore from a backup').click();
    const choosing = page.waitForEvent('filechooser');
    await rosa.button('Choose the backup file').click();
    await (await choosing).setFiles({ name: 'backup.thicket', mimeType: 'application/octet-stream', buffer: file });
    await page.getByLabel('The twelve words').fill(words.join(' '));
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
    await rosa.shot('backup-02-restoring-phone');
    await accessible(page, 'restoring');
    await rosa.button('Restore').click();
    await rosa.openRoom(ROOM);
    await rosa.reads('the boiler man comes on Friday');
    await rosa.reads('I have the key');
    await page.getByTestId('away').waitFor();
    expect(await page.getByLabel('Write a message').count()).toBe(0);
    await rosa.shot('backup-03-away-phone');
    await accessible(page, 'a room of a restored device');
  });

  it('she comes back by vouching, and the room says what is not on this device, and why', async () => {
    const { page } = rosa;
    await alice.openRoom(ROOM);
    const link = await alice.invite();
    await rosa.button('Come back in').first().click();
    await page.getByLabel('The invitation link').fill(link);
    await page.getByLabel('Passphrase of this device').fill(PASSPHRASE);
    await rosa.button('Ask to come back').click();
    const said = await rosa.phraseOn(page);
    await rosa.shot('backup-04-waiting-phone');
    await alice.request('Rosa').getByTestId('returning').waitFor();
    await alice.shot('backup-05-returning');
    await alice.admit('Rosa', said);
    await rosa.atHome();
    await rosa.openRoom(ROOM);
    await page.locator('[data-event="returned"]').waitFor();
    await rosa.reads('I have the key');
    await rosa.say('back again');
    await rosa.allSent();
    expect(await page.getByTestId('message-text').allInnerTexts()).toEqual(['the boiler man comes on Friday', 'I have the key', 'back again']);
    await rosa.shot('backup-06-back-phone');
    await accessible(page, 'back again');
  });

  it('alice is told loudly of the new device, and compares again', async () => {
    const { page } = alice;
    await alice.openRoom(ROOM);
    await alice.reads('back again');
    await page.locator('[data-event="new-device"]').waitFor();
    const banner = page.getByTestId('changed');
    await banner.waitFor();
    await alice.shot('verify-03-changed');
    await accessible(page, 'somebody has a new device');
    await alice.button('Compare', banner).click();
    const seen = await alice.phraseOn(page.getByRole('dialog'));
    expect(await rosa.safetyPhraseWith('Alice')).toBe(seen);
    await alice.button('They are the same', page.getByRole('dialog')).click();
    await banner.waitFor({ state: 'detached' });
    expect([...alice.complaints, ...rosa.complaints]).toEqual([]);
  });
});

/** What is in all databases of this origin. Runs in the page. */
async function entriesLeft(): Promise<number> {
  let count = 0;
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of database.objectStoreNames) {
      count += await new Promise<number>((resolve) => {
        const counting = database.transaction(store).objectStore(store).count();
        counting.onsuccess = () => resolve(counting.result);
      });
    }
    database.close();
  }
  return count;
}
