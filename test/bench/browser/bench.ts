/** The interface under load, in Chromium with the real engine: opening long and crowded rooms, searching, and 200 messages a second. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { mailboxOf } from '#core/session/room-state.ts';
import type { HubId, MailboxId, PassId, Secret32 } from '#shared/ids.ts';
import { BrowserPerson, startBrowser, WEB_DIRECTORY } from '../../harness/browser.ts';
import { buildPage } from '../../harness/built-page.ts';
import { memoryVaultHome } from '../../harness/memory-vault.ts';
import { PASSPHRASE, TestPerson } from '../../harness/people.ts';
import { Purse } from '../../harness/purse.ts';
import { spawnRelay } from '../../harness/relay.ts';
import { Wire } from '../../harness/wire.ts';
import { median, quantile } from '../measure.ts';
import type { Area, Row } from '../results.ts';
import { crowdedMls, profileIn } from './crowd.ts';
import { firstLoadRow } from './first-load.ts';
import { LONG_MS, tasksDuring, type Task } from './tasks.ts';
import { arrivals, firstSeq, scrollUp, timeToOpen, watchArrivals } from './watch.ts';
import { Writers } from './writers.ts';

const LONG = 'Long past';
const SHORT = 'Short past';
const CROWDED = 'A thousand people';
const A_SECOND = 200;
/** The pace at which one message has been shown before the next one comes. */
const SLOWLY = 4;
const SENDERS = 20;
const OPENINGS = 7;
const FRAME_MS = 1000 / 60;
/** Scrolled through, so far in each of them. */
const FRAMES = 300;
const STEP_PX = 200;
const LAST_WORD = 'the last word';

interface Extent {
  /** Messages of the long room. */
  readonly past: number;
  /** Members of the crowded room. */
  readonly crowd: number;
  readonly seconds: number;
}
const WHOLE: Extent = { past: 100_000, crowd: 1_000, seconds: 15 };
const QUICK: Extent = { past: 5_000, crowd: 100, seconds: 3 };

export async function inTheBrowser(quick: boolean): Promise<Area> {
  const extent = quick ? QUICK : WHOLE;
  const relay = await spawnRelay({ webDirectory: await pages() });
  const browser = await startBrowser();
  const mls = crowdedMls();
  const home = memoryVaultHome();
  const alice = await TestPerson.arrive('Alice', { live: true, mls, home });
  try {
    await alice.found(relay.foundingLink as string);
    await alice.session.close();
    const founder = await profileIn(home, PASSPHRASE);
    await alice.restart();
    const bea = await BrowserPerson.arrive(browser, 'Bea', relay.origin);
    const invitation = await alice.session.invite();
    await alice.session.admit(invitation.id, await bea.join(invitation.link));
    await bea.online();
    const rooms = await settle(alice, bea, () => mls.bring(founder, extent.crowd - 2));
    const writer = (await alice.session.overview()).me?.id as string;
    await alice.session.close();
    const mailbox = mailboxOf(rooms.crowded) as MailboxId;
    const pass = { id: founder.passId as PassId, secret: founder.passSecret as Secret32 };
    const writers = new Writers(mls, await mls.crowd.rooms(mls, mailbox, SENDERS), {
      hub: founder.hub as HubId, mailbox, origin: relay.origin, purse: Purse.of(new Wire(relay.origin), founder.hub as HubId, pass),
    });
    await plant(bea, relay.origin, { passphrase: PASSPHRASE, room: rooms.long, writer, count: extent.past, cards: mls.crowd.cards() });
    await bea.page.goto(relay.origin);
    await bea.unlock();
    await bea.online();
    const rows = [...await openings(browser, bea, extent), ...await arriving(browser, bea, writers, extent), firstLoadRow()];
    return area(browser, extent, rows);
  } finally {
    await browser.close();
    await alice.session.close();
    await relay.stop();
  }
}

/** The web client, and beside it the page that plants a past into its vault. */
async function pages(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-bench-web-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await buildPage({ root: fileURLToPath(new URL('web', import.meta.url)), outDir: join(folder, 'past'), base: '/past/' });
  cpSync(WEB_DIRECTORY, folder, { recursive: true });
  return folder;
}

async function settle(alice: TestPerson, bea: BrowserPerson, bringCrowd: () => void): Promise<{ long: string; crowded: string }> {
  const short = await alice.session.createRoom(SHORT);
  const long = await alice.session.createRoom(LONG);
  const crowded = await alice.session.createRoom(CROWDED);
  for (const room of [short, long]) await alice.add(room, 'Bea');
  bringCrowd();
  await alice.add(crowded, 'Bea');
  await bea.page.getByTestId('room-link').filter({ hasText: CROWDED }).waitFor({ timeout: 120_000 });
  // A room opens where the unread begins: she reads them as they come, so that later it opens at its end.
  await bea.openRoom(SHORT);
  for (let n = 0; n < 100; n += 1) await alice.session.send(short, `Message ${n}: short`);
  await alice.say(short, 'the newest of the short room');
  await bea.reads('the newest of the short room');
  await bea.page.locator('[data-testid="room-link"][data-unread="0"]').filter({ hasText: SHORT }).waitFor();
  await alice.say(crowded, 'the newest of the crowded room');
  await bea.openRoom(CROWDED);
  await bea.reads('the newest of the crowded room');
  return { long, crowded };
}

async function plant(bea: BrowserPerson, origin: string, planted: object): Promise<void> {
  await bea.page.goto(`${origin}/past/index.html`);
  await bea.page.waitForFunction(() => 'plant' in globalThis);
  await bea.page.evaluate((given) => (globalThis as unknown as { plant(given: unknown): Promise<void> }).plant(given), planted);
}

async function openings(browser: Browser, bea: BrowserPerson, { past }: Extent): Promise<Row[]> {
  const { page } = bea;
  await page.getByTestId('room-link').first().waitFor();
  const { result, tasks } = await tasksDuring(browser, page, async () => {
    const crowded = await timeToOpen(page, CROWDED, 'the newest of the crowded room');
    const times = { long: [] as number[], short: [] as number[] };
    for (let n = 0; n < OPENINGS; n += 1) {
      times.long.push(await timeToOpen(page, LONG, `Message ${past - 1}:`));
      times.short.push(await timeToOpen(page, SHORT, 'the newest of the short room'));
    }
    return { crowded, ...times };
  });
  return [
    { what: `open a room with ${past.toLocaleString('en')} messages; beside: with 101`, unit: 'ms', thicket: median(result.long), peer: median(result.short) },
    { what: 'open the crowded room, the first one after the unlock; beside: the second allowed by the issue', unit: 'ms', thicket: result.crowded, peer: 1_000 },
    longest('while rooms are opened', tasks),
    await scrolling(browser, bea, past),
  ];
}

async function scrolling(browser: Browser, { page }: BrowserPerson, past: number): Promise<Row> {
  await timeToOpen(page, LONG, `Message ${past - 1}:`);
  const { result, tasks } = await tasksDuring(browser, page, async () => {
    const before = await firstSeq(page);
    await scrollUp(page, FRAMES, STEP_PX);
    return before - await firstSeq(page);
  });
  return longest(`while ${FRAMES} frames scroll up through ${result} messages of the long room`, tasks);
}

/** First slowly, so that each message is alone, then at full pace. */
async function arriving(browser: Browser, bea: BrowserPerson, writers: Writers, { seconds }: Extent): Promise<Row[]> {
  await bea.openRoom(CROWDED);
  const few = await writers.write(SLOWLY * seconds, (n) => `alone ${n}`);
  const many = await writers.write(A_SECOND * seconds, (n) => (n === A_SECOND * seconds - 1 ? LAST_WORD : `message ${n}`));
  await watchArrivals(bea.page);
  const alone = await tasksDuring(browser, bea.page, async () => {
    await writers.post(few, SLOWLY);
    await bea.reads(`alone ${few.length - 1}`);
    return arrivals(bea.page);
  });
  const together = await tasksDuring(browser, bea.page, async () => {
    const rate = await writers.post(many, A_SECOND);
    const began = performance.now();
    await bea.reads(LAST_WORD);
    return { rate, behind: performance.now() - began, late: await arrivals(bea.page) };
  });
  const { rate, behind, late } = together.result;
  const toScreen = (what: string, taken: number): Row => ({ what: `${what}; beside: a frame`, unit: 'ms', thicket: taken, peer: FRAME_MS });
  return [
    toScreen('a message alone, from the engine\'s word that it is there to the screen, median', median(alone.result)),
    toScreen('the same, 95 of 100', quantile(alone.result, 0.95)),
    { what: `messages a second that the relay took in ${seconds} s; beside: ${A_SECOND}`, unit: '/s', thicket: rate, peer: A_SECOND },
    { what: 'the last of them on the screen, after the relay had it; beside: a second', unit: 'ms', thicket: behind, peer: 1_000 },
    longest('while they arrive', together.tasks),
    toScreen('of these, from the engine\'s word to the screen, median', median(late)),
    toScreen('the same, 95 of 100', quantile(late, 0.95)),
  ];
}

const over = (times: readonly number[]): number => times.filter((time) => time > LONG_MS).length;

/** By the clock, and by processor time: a machine that others want, too, makes every task long by the clock. */
function longest(when: string, tasks: readonly Task[]): Row {
  const [wall, cpu] = [tasks.map((task) => task.wall), tasks.map((task) => task.cpu)];
  return {
    what: `longest task of the page ${when} (over 50 ms: ${over(wall)} by the clock, ${over(cpu)} by CPU time); beside: 50 ms`,
    unit: 'ms', thicket: Math.max(0, ...wall), peer: LONG_MS, cpu: { thicket: Math.max(0, ...cpu), peer: LONG_MS },
  };
}

const area = (browser: Browser, { past, crowd }: Extent, rows: readonly Row[]): Area => ({
  name: 'browser',
  title: 'The interface under load',
  peer: 'bounds, and the same with little in it',
  how: [
    `Chromium ${browser.version()}, window 1280 by 800, the built web client and its engine over a relay in a process of its own; relay, writers and browser share this machine.`,
    `The long room has ${past.toLocaleString('en')} messages in the vault. The crowded one has ${crowd.toLocaleString('en')} members; ${SENDERS} of them write, what they write is sealed and paid for beforehand and posted at its pace, and nobody but the reader has a device that runs.`,
    `Opening: from the press on the room's link to the frame with its newest message, median of ${OPENINGS}. Tasks: from Chromium's own trace, by the clock and by the processor time of the page's thread (the speed by CPU time); the trace costs a little itself.`,
  ],
  rows,
});
