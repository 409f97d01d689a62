/**
 * People in real browsers: Chromium, one context each, so nothing is shared between them but the relay. They find
 * things as a person would, by role and label.
 */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { PASSPHRASE, until } from './people.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** The web client as it is shipped, and as `quick-web.ts` builds it: with short pauses. */
export const WEB_DIRECTORY = resolve(ROOT, 'dist/web');
export const QUICK_WEB_DIRECTORY = resolve(ROOT, 'dist/quick-web');
export const SHOTS = resolve(ROOT, 'test/output/screenshots');

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export const BROWSER_PATH = process.env['THICKET_CHROMIUM'] ?? '/usr/bin/chromium';
export const BROWSER_ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** @param more of Chromium's own options, such as a made-up microphone */
export const startBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: BROWSER_PATH, args: [...BROWSER_ARGUMENTS, ...more] });

export interface Viewing {
  readonly viewport?: { width: number; height: number };
  readonly colorScheme?: 'light' | 'dark';
}

export class BrowserPerson {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: errors in the console, exceptions, blocked or foreign requests. */
  readonly complaints: string[] = [];

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
  }

  static async arrive(browser: Browser, name: string, origin: string, viewing: Viewing = {}): Promise<BrowserPerson> {
    const context = await browser.newContext({
      viewport: viewing.viewport ?? DESKTOP, colorScheme: viewing.colorScheme ?? 'light', locale: 'en-GB', reducedMotion: 'reduce',
    });
    const person = new BrowserPerson(name, context, await context.newPage());
    person.#listen(person.page, origin);
    return person;
  }

  /** Somebody in a browser that is open already, in a tab of its own. */
  static async at(context: BrowserContext, name: string, origin: string): Promise<BrowserPerson> {
    const person = new BrowserPerson(name, context, await context.newPage());
    person.#listen(person.page, origin);
    return person;
  }

  #listen(page: Page, origin: string): void {
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (/^https?:/u.test(request.url()) && new URL(request.url()).origin !== origin) this.complaints.push(`foreign request: ${request.url()}`);
    });
  }

  button(name: string | RegExp, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: typeof name === 'string' });
  }

  // ---------------------------------------------------------------- coming in

  async found(link: string, hubName: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByLabel('Name of the hub').fill(hubName);
    await this.fillProfile();
    await this.button('Start the hub').click();
    await this.atHome();
  }

  /** @returns the four words on the screen */
  async join(link: string): Promise<string> {
    await this.page.goto(link);
    await this.fillProfile();
    await this.button('Ask to join').click();
    return this.phraseOn(this.page);
  }

  async fillProfile(): Promise<void> {
    await this.page.getByLabel('Your display name').fill(this.name);
    await this.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await this.page.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  }

  async phraseOn(where: Page | Locator): Promise<string> {
    const words = where.getByTestId('phrase').locator('li');
    await words.first().waitFor();
    return (await words.allInnerTexts()).map((word) => word.replace(/[^a-z]/gu, '')).join(' ');
  }

  async unlock(passphrase = PASSPHRASE): Promise<void> {
    await this.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await this.button('Unlock').click();
  }

  async atHome(): Promise<void> {
    await this.page.getByRole('navigation').first().waitFor();
    await this.online();
  }

  /** Somebody who has just been let in waits for a pause of up to 16 seconds first. */
  async online(): Promise<void> {
    await this.page.locator('[data-testid="connection"][data-connection="online"]').first().waitFor({ state: 'attached', timeout: 60_000 });
  }

  // ---------------------------------------------------------------- inviting

  async invite(): Promise<string> {
    await this.button(/^Invite/u).first().click();
    await this.button('Make an invitation link').click();
    const field = this.page.getByTestId('invitation-link').first();
    await field.waitFor();
    return field.inputValue();
  }

  request(name: string): Locator {
    return this.page.locator(`[data-testid="request"][data-name="${name}"]`);
  }

  /** Compares the words as two people would, then lets the newcomer in. */
  async admit(name: string, said: string): Promise<void> {
    const request = this.request(name);
    await request.waitFor();
    if ((await this.phraseOn(request)) !== said) throw new Error(`the words of ${name} differ`);
    await this.button('The words match', request).click();
    await request.waitFor({ state: 'detached' });
  }

  // ---------------------------------------------------------------- rooms

  async createRoom(name: string): Promise<void> {
    await this.button('New room').first().click();
    await this.page.getByLabel('Name of the room').fill(name);
    await this.button('Make a room', this.page.getByRole('dialog')).click();
    await this.page.getByRole('heading', { name }).first().waitFor();
  }

  async openRoom(name: string): Promise<void> {
    await this.page.getByTestId('room-link').filter({ hasText: name }).click();
    await this.page.getByRole('heading', { name }).first().waitFor();
  }

  async #people(): Promise<Locator> {
    const pane = this.page.getByRole('complementary');
    if (!(await pane.isVisible())) await this.button('People in this room').click();
    await pane.waitFor();
    return pane;
  }

  async add(name: string): Promise<void> {
    await this.button('Add somebody', await this.#people()).click();
    const dialog = this.page.getByRole('dialog');
    await this.button(`Add ${name}`, dialog).click();
    await this.button(`Add ${name}`, dialog).waitFor({ state: 'detached' });
    await this.button('Done', dialog).click();
    await dialog.waitFor({ state: 'detached' });
  }

  async remove(name: string): Promise<void> {
    await this.button(`Remove ${name}`, await this.#people()).click();
    const dialog = this.page.getByRole('alertdialog').or(this.page.getByRole('dialog'));
    await this.button(`Remove ${name}`, dialog).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Opens the dialog in which the safety phrase with somebody of the open room is compared. @returns the six words */
  async safetyPhraseWith(name: string): Promise<string> {
    await this.button(`Compare the safety phrase with ${name}`, await this.#people()).click();
    return this.phraseOn(this.page.getByRole('dialog'));
  }

  /** From anywhere: on a phone a room has no way there but back. */
  async settings(): Promise<void> {
    const way = this.button(/^Settings/u).first();
    while (!(await way.isVisible())) await this.button(/^(Back|Close people)$/u).first().click();
    await way.click();
  }

  async say(text: string): Promise<void> {
    const field = this.page.getByLabel('Write a message');
    await field.fill(text);
    await field.press('Enter');
  }

  /** Waits until a message with these words is on the screen. */
  async reads(text: string): Promise<void> {
    await this.page.getByTestId('message-text').filter({ hasText: text }).last().waitFor();
  }

  /** Waits until everything this person wrote has been taken by the relay. */
  async allSent(): Promise<void> {
    await until(async () => (await this.page.locator('[data-testid="message"][data-state="sending"]').count()) === 0, `${this.name}'s messages to be sent`);
  }

  /** Every message of the open room, oldest first, scrolling through all of it as a reader would. */
  async readAll(): Promise<{ seq: number; text: string }[]> {
    const list = this.page.getByRole('log', { name: 'Messages' }).or(this.page.getByLabel('Messages', { exact: true })).first();
    const read = new Map<number, string>();
    const take = async (): Promise<void> => {
      const rows = await this.page.getByTestId('message').evaluateAll((articles) =>
        articles.map((article) => [Number((article as HTMLElement).dataset['seq']), article.querySelector('[data-testid="message-text"]')?.textContent ?? ''] as const));
      for (const [seq, text] of rows) if (Number.isInteger(seq)) read.set(seq, text);
    };
    // A room opens where its unread begins.
    const newest = this.page.locator('.jump').first();
    if (await newest.isVisible()) await newest.click();
    let still = 0;
    for (let step = 0; step < 400 && still < 4; step += 1) {
      const before = read.size;
      await take();
      const top = await list.evaluate((element) => {
        const at = element.scrollTop;
        element.scrollTop = Math.max(0, at - element.clientHeight * 0.7);
        return at;
      });
      await this.page.waitForTimeout(40);
      still = read.size === before && top === 0 ? still + 1 : 0;
    }
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return [...read].sort(([a], [b]) => a - b).map(([seq, text]) => ({ seq, text }));
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: resolve(SHOTS, `${name}.png`) });
  }
}
