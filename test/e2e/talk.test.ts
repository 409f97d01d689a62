/** A conversation between a browser and another device: answers, threads, signs, changes, names, marks; on a desktop and on a phone. */
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { BrowserPerson, PHONE, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { TestPerson, until } from '../harness/people.ts';
import { sideBySide } from '../harness/side-by-side.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Stairwell B';
const SCRIPTS = ['<script>document.title = "taken"</script>', '<img src=x onerror="document.title=\'taken\'">', '**<b onclick="x">bold</b>** [x](javascript:alert(1))', '`<svg/onload=alert(1)>`\n> <iframe src="data:text/html,x">'];

describe('a conversation', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, alice: BrowserPerson, bob: TestPerson, room: RoomId;
  /** By its own words, not by those it answers. */
  const message = (text: string): Locator => alice.page.getByTestId('message').filter({ has: alice.page.getByTestId('message-text').filter({ hasText: text }) });
  const said = async (text: string): Promise<MessageItem | undefined> => (await bob.timeline(room)).find((item): item is MessageItem => item.kind === 'message' && item.text.includes(text));
  const comes = async (text: string, fits: (item: MessageItem) => boolean, what: string): Promise<MessageItem> => {
    let item: MessageItem | undefined;
    await until(async () => (item = await said(text)) !== undefined && fits(item), what, 60_000);
    return item as MessageItem;
  };
  const press = async (text: string, key: string): Promise<void> => {
    await message(text).last().focus();
    await alice.page.keyboard.press(key);
  };
  const bobSays = async (text: string): Promise<void> => {
    await bob.session.send(room, text);
    await message(text).last().waitFor();
  };

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    ({ alice, bob, room } = await sideBySide(browser, relay, { hub: 'Riverside Tenants', room: ROOM }));
    await alice.button('Close people').click();
  });
  afterAll(async () => {
    await browser?.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('alice answers, names, and marks what matters', async () => {
    await bobSays('The boiler is off again.');
    await press('The boiler is off', 'r');
    await alice.page.getByTestId('reply-bar').waitFor();
    const field = alice.page.getByLabel('Write a message');
    await field.pressSequentially('Ask @bo');
    await alice.page.getByRole('option', { name: 'Bob' }).waitFor();
    await alice.page.keyboard.press('Enter');
    await field.pressSequentially('**now**');
    await alice.page.keyboard.press('Enter');
    const item = await comes('Ask @Bob', ({ replyTo }) => replyTo !== undefined, 'the answer to come');
    expect(item.text).toBe('Ask @Bob **now**');
    expect(item.namesMe).toBe(true);
    expect(item.replyTo?.text).toBe('The boiler is off again.');
    const shown = message('Ask @Bob').last();
    expect(await shown.locator('strong').innerText()).toBe('now');
    expect(await shown.locator('.mention').innerText()).toBe('@Bob');
    await shown.getByTestId('quote').click();
    await alice.page.locator('[data-lit]').filter({ hasText: 'The boiler is off' }).waitFor();
  });

  it('reacts, changes, pins, keeps and forwards', async () => {
    await press('The boiler is off', '+');
    await alice.page.getByRole('searchbox').fill('fire');
    await alice.page.getByRole('button', { name: 'fire', exact: true }).waitFor();
    await alice.page.keyboard.press('Enter');
    const first = message('The boiler is off').first();
    await first.getByTestId('reaction').waitFor();
    await comes('The boiler is off', ({ reactions }) => reactions.length === 1, 'the sign to come');
    await alice.page.getByLabel('Write a message').focus();
    await alice.page.keyboard.press('ArrowUp');
    await alice.page.getByTestId('edit-bar').waitFor();
    await alice.page.keyboard.press('End');
    await alice.page.keyboard.type(', please');
    await alice.page.keyboard.press('Enter');
    await comes('please', ({ edited }) => edited, 'the change to come');
    await message('please').last().getByRole('button', { name: 'What it said before' }).click();
    expect(await alice.page.getByTestId('version').count()).toBe(2);
    await alice.button('Done', alice.page.getByRole('dialog')).click();
    for (const key of ['p', 's']) await press('please', key);
    await message('please').last().getByLabel('Pinned').waitFor();
    await message('please').last().getByLabel('Saved').waitFor();
    await alice.button('Pinned messages').click();
    await alice.page.getByTestId('pins').getByTestId('placed').filter({ hasText: 'please' }).waitFor();
    await alice.button('Close pinned messages').click();
    await press('please', 'f');
    await alice.page.getByRole('checkbox', { name: ROOM }).locator('xpath=ancestor::label').click();
    await alice.button('Forward', alice.page.getByRole('dialog')).click();
    await until(async () => (await bob.timeline(room)).some((item) => item.kind === 'message' && item.forwarded), 'what was forwarded to come', 60_000);
    await alice.shot('talk-desktop');
  });

  it('a thread has its own words, and its own unread ones', async () => {
    await press('The boiler is off', 't');
    const thread = alice.page.getByTestId('thread');
    await thread.getByLabel('Write a message').fill('I will call them.');
    await thread.getByLabel('Write a message').press('Enter');
    const root = await comes('The boiler is off', ({ thread: state }) => state?.replies === 1, 'the thread to come');
    await alice.button('Close the thread').click();
    await bob.session.send(room, { text: 'They come tomorrow.', thread: root.place });
    await alice.page.getByTestId('thread-line').filter({ hasText: '2 replies' }).waitFor();
    expect(await message('They come tomorrow').count()).toBe(0);
    await alice.button(/^Threads/u).click();
    await alice.page.getByTestId('thread-item').filter({ hasText: 'The boiler is off' }).click();
    await thread.getByTestId('message').filter({ hasText: 'They come tomorrow' }).waitFor();
    await alice.shot('talk-thread');
    await alice.button('Close the thread').click();
  });

  it('what was begun is there again, and what was deleted is gone for everybody', async () => {
    await alice.openRoom(ROOM);
    await alice.say('This was a mistake.');
    await comes('a mistake', () => true, 'the mistake to come');
    await message('a mistake').and(alice.page.locator('[data-state="sent"]')).waitFor();
    await press('a mistake', 'Delete');
    await alice.button('Delete', alice.page.getByRole('alertdialog')).click();
    await alice.page.getByTestId('tombstone').waitFor();
    await until(async () => (await said('a mistake')) === undefined, 'it to be gone with bob', 60_000);
    await alice.page.getByLabel('Write a message').fill('half a sent');
    await alice.button(/^Settings/u).first().click();
    await alice.page.getByTestId('room-link').filter({ hasText: 'half a sent' }).click();
    expect(await alice.page.getByLabel('Write a message').inputValue()).toBe('half a sent');
    await alice.page.getByLabel('Write a message').fill('');
  });

  it('nothing anybody writes is more than text, and a link that poses as another is asked about', async () => {
    for (const text of SCRIPTS) await bob.session.send(room, text);
    await bob.session.send(room, '[bank.example](https://evil.example/login)');
    await alice.page.getByRole('link', { name: 'bank.example' }).waitFor();
    const inside = await alice.page.getByTestId('message-text').evaluateAll((texts) => texts.map((text) => text.querySelectorAll('script, img, iframe, svg, b, [onclick], [onerror]').length));
    expect(Math.max(...inside)).toBe(0);
    expect(await alice.page.title()).toBe('Riverside Tenants');
    expect(await message('<script>').count()).toBe(1);
    await alice.page.getByRole('link', { name: 'bank.example' }).click();
    const question = alice.page.getByRole('alertdialog');
    await question.getByText('evil.example', { exact: true }).waitFor();
    await alice.button('Stay here', question).click();
    expect(alice.context.pages()).toHaveLength(1);
  });

  it('a room opens where the unread begins, and what was not looked at stays unread', async () => {
    await alice.button(/^Settings/u).first().click();
    for (let nth = 1; nth <= 40; nth += 1) await bob.session.send(room, `Line ${nth} of the minutes`);
    const link = alice.page.getByTestId('room-link').filter({ hasText: ROOM });
    const unread = () => link.getAttribute('data-unread');
    await until(async () => (await unread()) === '40', 'all of them to be unread');
    await alice.page.evaluate(() => {
      document.hasFocus = () => false;
    });
    await link.click();
    const first = alice.page.locator('.divider-new');
    await first.waitFor();
    await message('Line 1 of').waitFor();
    const inView = (what: Locator) => what.evaluate((element) => {
      const [{ top, bottom }, frame] = [element.getBoundingClientRect(), (element.closest('.timeline-scroll') as Element).getBoundingClientRect()];
      return top >= frame.top && bottom <= frame.bottom;
    });
    await until(async () => (await inView(first)) && (await inView(message('Line 1 of'))), 'the line to be in view');
    expect(await message('Line 40 of').count() === 0 || !(await inView(message('Line 40 of')))).toBe(true);
    await alice.shot('talk-unread');
    const jump = alice.page.getByRole('button', { name: '40 new messages' });
    await jump.click();
    await message('Line 40 of').waitFor();
    // Nobody looks: the window is only to be seen.
    await alice.page.waitForTimeout(500);
    expect(await unread()).toBe('40');
    await alice.page.evaluate(() => {
      document.hasFocus = () => true;
      dispatchEvent(new Event('focus'));
    });
    await until(async () => (await unread()) === '0', 'it to be read');
  });

  it('on a phone a finger that rests opens the same', async () => {
    await alice.page.setViewportSize(PHONE);
    await message('Line 40 of').dispatchEvent('pointerdown', { pointerType: 'touch', isPrimary: true, clientX: 100, clientY: 300, bubbles: true });
    await alice.page.getByRole('menuitem', { name: 'Reply' }).click();
    await alice.page.getByTestId('reply-bar').waitFor();
    await alice.shot('talk-phone');
    await alice.page.keyboard.press('Escape');
    await alice.page.getByTestId('reply-bar').waitFor({ state: 'detached' });
    expect(alice.complaints).toEqual([]);
  });
});
