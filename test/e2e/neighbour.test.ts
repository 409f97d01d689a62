/** A hub with a neighbour, in Chromium: the page's policy lets it speak to that one other hub, once a steward says so. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BrowserPerson, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { freePort, startTestRelay, type TestRelay } from '../harness/relay.ts';

let a: TestRelay;
let b: TestRelay;
let browser: Browser;
let alice: BrowserPerson;
const abroad: string[] = [];
const posted: string[] = [];

beforeAll(async () => {
  const port = await freePort();
  a = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY, neighbour: `http://127.0.0.1:${port}` });
  b = await startTestRelay({ port, forwardsTo: [a.origin] });
  browser = await startBrowser();
  alice = await BrowserPerson.arrive(browser, 'Alice', a.origin);
  alice.context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === a.origin && request.method() === 'POST') posted.push(pathname);
    if (/^https?:/u.test(request.url()) && origin !== a.origin) abroad.push(`${request.method()} ${origin}${pathname}`);
  });
  await alice.found(a.foundingLink as string, 'Riverside Tenants');
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([a?.stop(), b?.stop()]);
});

it('until a steward chooses, nothing goes anywhere else; then posts do, and nothing but posts', async () => {
  await alice.createRoom('Stairwell B');
  await alice.say('straight to the hub');
  await alice.allSent();
  expect(abroad).toEqual([]);

  const host = new URL(b.origin).host;
  await alice.button('Settings').first().click();
  await alice.page.getByText(`Through ${host}`).click();
  await alice.page.getByRole('radio', { name: `Through ${host}`, checked: true }).waitFor({ state: 'attached' });
  await alice.openRoom('Stairwell B');
  posted.length = 0;
  await alice.say('and this by way of the neighbour');
  await alice.reads('and this by way of the neighbour');
  await alice.allSent();
  expect([...new Set(abroad)].filter((line) => !line.startsWith('OPTIONS'))).toEqual([`POST ${b.origin}/v1/oblivious/${new URL(a.origin).host}`]);
  expect(posted.filter((path) => path !== '/v1/postage/draw')).toEqual([]);
  await alice.button('People in this room').click();
  await alice.page.getByTestId('way').filter({ hasText: host }).waitFor();
  expect(alice.complaints.filter((complaint) => !complaint.startsWith('foreign request'))).toEqual([]);
});

it('while the neighbour is away it says so, and what was written leaves when it is back', async () => {
  await b.stop();
  await alice.say('written while the neighbour was away');
  await alice.page.getByText('The neighbour hub').first().waitFor();
  await b.restart();
  await alice.button('Try now').click();
  await alice.allSent();
});
