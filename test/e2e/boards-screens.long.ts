/** What readers and coordinators do on the screens of boards, over the made-up session: the engine has its own tests. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHONE, startBrowser } from '../harness/browser.ts';
import { startMadeUpHub, type MadeUpHub } from '../harness/made-up-hub.ts';

const RENT_REGISTER = 6;
const RALLY = 7;
const BAILIFFS = 8;

describe('the screens of boards', () => {
  let hub: MadeUpHub, browser: Browser, page: Page;
  const mishaps: string[] = [];

  beforeAll(async () => {
    [hub, browser] = await Promise.all([startMadeUpHub(), startBrowser()]);
    // Clocks show another time than where the rally is.
    const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', timezoneId: 'America/New_York', reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => mishaps.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    expect(mishaps).toEqual([]);
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const press = (name: string) => button(name).first().click();
  const choose = (words: string) => page.getByText(words, { exact: true }).first().click();
  const told = (words: string | RegExp) => page.getByText(words).first().waitFor();
  const sure = (name: string) => page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click();
  const item = (number: number) => page.locator(`[data-testid="announcement"][data-id="${number.toString(16).padStart(32, '0')}"]`);
  const shown = () => page.getByTestId('announcement').count();
  const start = async (fragment = ''): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(`${hub.page}?${fragment}`);
    if (fragment !== '') return;
    await page.getByRole('navigation').getByRole('button', { name: 'Announcements' }).first().click();
    await page.getByTestId('announcement').first().waitFor();
  };

  it('a reader looks at what is unread, and at one board', async () => {
    await start();
    await choose('Unread only');
    await expect.poll(shown).toBe(4);
    await choose('Unread only');
    await page.getByLabel('Board', { exact: true }).selectOption({ index: 2 });
    await expect.poll(shown).toBe(1);
    await page.getByLabel('Board', { exact: true }).selectOption({ index: 0 });
    await expect.poll(shown).toBe(8);
  });

  it('says that they have read something, and it is unread no longer', async () => {
    await item(BAILIFFS).click();
    await press('I have read this');
    await told('You said that you have read this.');
    await press('Back');
    await item(BAILIFFS).waitFor();
    expect(await item(BAILIFFS).getAttribute('data-unread')).toBe('false');
  });

  it('comes, takes a shift that is not full, and changes their mind', async () => {
    await item(RALLY).click();
    await told('Where you are:');
    expect(await page.getByRole('checkbox', { name: /Water and first aid/ }).isDisabled()).toBe(true);
    await choose('Yes');
    await choose('Cleaning up');
    await press('Send my answer');
    await button('Change my answer').waitFor();
    expect(await button('Change my answer').isDisabled()).toBe(true);
    await choose('Maybe');
    expect(await button('Change my answer').isDisabled()).toBe(false);
  });

  it('reads it in another language, and shares it to a room', async () => {
    await page.locator('label').filter({ hasText: 'العربية' }).first().click();
    await told('نلتقي على الدرج');
    await press('Share to a room');
    await page.locator('label').filter({ hasText: 'Elm Street tenants' }).click();
    await press('Share');
    await told('Shared to 1 room.');
  });

  it('has nothing but the announcement on paper', async () => {
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.bar, .bottom-bar, .answers').filter({ visible: true }).count()).toBe(0);
    expect(await page.getByTestId('announced').isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
  });

  it('a coordinator begins to write, looks elsewhere, and finds it again', async () => {
    await press('Back');
    await press('Write an announcement');
    await page.getByLabel('Title').fill('Soup on Friday');
    await page.getByLabel('Text', { exact: true }).fill('Bring **bowls**');
    await press('Back');
    await press('Write an announcement');
    expect(await page.getByLabel('Title').inputValue()).toBe('Soup on Friday');
  });

  it('adds a language, a file, when it is, a shift and a vote, and sees it as readers will', async () => {
    await page.getByLabel('Add a language').selectOption('es');
    await page.getByLabel('Title').fill('Sopa el viernes');
    await page.getByTestId('attach-input').setInputFiles({ name: 'list.pdf', mimeType: 'application/pdf', buffer: Buffer.from('a list') });
    await button('Take out list.pdf').waitFor();
    await choose('It takes place somewhere');
    await told('When the event begins is missing.');
    await page.getByLabel('Begins: day').first().fill('2027-05-01');
    await page.getByLabel('Begins: time').first().fill('18:30');
    await page.getByLabel('Time zone of the place').selectOption('Europe/Madrid');
    expect(await page.getByLabel('Begins: time').first().inputValue()).toBe('18:30');
    await press('Add a shift');
    await page.getByLabel('What is to be done').fill('Cook');
    await choose('Put a question to readers');
    await page.getByLabel('Question', { exact: true }).fill('Which soup?');
    await page.getByLabel('Choice 1').fill('Lentils');
    await told('A vote needs two choices or more.');
    await page.getByLabel('Choice 2').fill('Beans');
    await choose('Preview');
    await page.getByTestId('preview').getByText('Madrid time').waitFor();
  });

  it('hands it in for a day to come, and is told what that takes', async () => {
    await choose('Later');
    expect(await button('Hand in for signing').isDisabled()).toBe(true);
    await page.getByLabel('Goes out: day').fill('2027-04-20');
    await page.getByLabel('Goes out: time').fill('09:00');
    await told(/whichever coordinator’s device is online sends it/);
    await press('Hand in for signing');
    await told('The other coordinators see that it waits for a signature.');
  });

  it('signs what another wrote, takes something back, and lets a reader in', async () => {
    await page.getByRole('button', { name: /Coordinate Union news/ }).click();
    await told('Soup on Friday');
    await press('Sign: Assembly on Wednesday at seven');
    await told('Signed.');
    await press('Take it back: Reminder: bring your letters');
    await told('Taken back. It does not go out.');
    await press('Let in ليلى');
    await told('ليلى can read this board now.');
  });

  it('finds a reader by name and takes them out, having been asked', async () => {
    expect(await page.getByTestId('person').count()).toBe(0);
    await page.getByLabel('Find somebody by name').fill('sam');
    await press('Take out Samir');
    await press('Take out 1 person');
    await sure('Take out 1 person');
    await told('No reader you know has that name.');
  });

  it('corrects, and withdraws, and both stay to be seen', async () => {
    await start();
    await item(RENT_REGISTER).click();
    await press('Correct');
    await page.getByLabel('Title').fill('Rent register: 4 new entries');
    await page.getByLabel('Why').fill('One was missing.');
    await press('Send the correction');
    await page.getByTestId('corrected').getByText('One was missing.').waitFor();
    await press('Withdraw');
    await sure('Withdraw');
    await page.getByTestId('withdrawn').waitFor();
  });

  it('a link leads to its board, and does not stay in the address bar', async () => {
    await start('#board=AAAA');
    await press('Show the board');
    await page.locator('[data-led]').waitFor();
    expect(page.url()).not.toContain('board=');
    await press('Read this board: Night bus');
    await told('You read Night bus now.');
  });
});
