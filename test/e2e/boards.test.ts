/** Alice in her browser makes a board, announces and counts; Bob beside her reads and answers. The real engine, over a real relay. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Announcement, BoardId } from '#core/session/api.ts';
import { announcementsFor, boardOf } from '../harness/boards.ts';
import { BrowserPerson, QUICK_WEB_DIRECTORY, startBrowser } from '../harness/browser.ts';
import { TestPerson, until } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';
import { sideBySide } from '../harness/side-by-side.ts';

describe('a board', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, alice: BrowserPerson, bob: TestPerson, board: BoardId;
  const read = async (): Promise<Announcement[]> => [...await announcementsFor(bob, board)];
  const toAnnouncements = () => alice.page.getByRole('navigation').getByRole('button', { name: 'Announcements' }).first().click();

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    ({ alice, bob } = await sideBySide(browser, relay, { hub: 'Bakers', room: 'Ovens' }));
    alice.page.setDefaultTimeout(20_000);
  });
  afterAll(async () => {
    await browser?.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('is made by whoever founded the hub, and read by whoever subscribes', async () => {
    await toAnnouncements();
    await alice.button('See which boards there are').click();
    await alice.button('Make a board').first().click();
    await alice.page.getByLabel('Name of the board').fill('Strike news');
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Make a board', exact: true }).click();
    await until(async () => (await bob.session.catchUp(), (await bob.session.boards()).length === 1), 'bob to see the board', 30_000);
    board = (await bob.session.boards())[0]?.id as BoardId;
    await bob.session.subscribeBoard(board);
    await until(async () => (await bob.session.catchUp(), (await boardOf(bob, board))?.reading === 'yes'), 'bob to read it', 40_000);
  });

  it('what is announced on the screen is read beside it, with its vote, and the answer is counted', async () => {
    await toAnnouncements();
    await alice.button('Write an announcement').first().click();
    await alice.page.getByLabel('Title').fill('Flour is here');
    await alice.page.getByLabel('Text', { exact: true }).fill('Two **tonnes**');
    await alice.page.getByText('Put a question to readers', { exact: true }).click();
    await alice.page.getByLabel('Question', { exact: true }).fill('Who carries?');
    await alice.page.getByLabel('Choice 1').fill('Me');
    await alice.page.getByLabel('Choice 2').fill('Not me');
    await alice.button('Announce').last().click();
    await until(async () => (await read()).length === 1, 'bob to read it', 30_000);
    const [item] = await read();
    expect(item).toMatchObject({ wordings: [{ title: 'Flour is here', body: 'Two **tonnes**' }], poll: { choices: ['Me', 'Not me'] } });
    await bob.session.answer(board, item?.id as string, { votes: [0] }, 'Bob');
    await bob.session.catchUp();
    await toAnnouncements();
    await alice.page.getByTestId('announcement').filter({ hasText: 'Flour is here' }).click();
    await alice.page.getByText('Two', { exact: false }).first().waitFor();
    await alice.shot('boards-announced');
  });

  it('is corrected and withdrawn there, and both stay to be seen', async () => {
    await alice.button('Correct').click();
    await alice.page.getByLabel('Title').fill('Flour is late');
    await alice.page.getByLabel('Why').fill('A flat tyre.');
    await alice.button('Send the correction').click();
    await until(async () => (await read())[0]?.corrected !== undefined, 'the correction', 30_000);
    expect((await read())[0]).toMatchObject({ wordings: [{ title: 'Flour is late' }], corrected: { note: 'A flat tyre.' } });
    await alice.page.getByTestId('corrected').getByText('A flat tyre.').waitFor();
    await alice.button('Withdraw').click();
    await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
    await until(async () => (await read())[0]?.withdrawn !== undefined, 'it to be withdrawn', 30_000);
    await alice.shot('boards-withdrawn');
    expect(alice.complaints).toEqual([]);
  });
});
