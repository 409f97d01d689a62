/** The interface under load, in Chromium with the real engine: opening long and crowded rooms, searching, and 200 messages a second. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { BrowserPerson, startBrowser, WEB_DIRECTORY } from '../../harness/browser.ts';
import { buildPage } from '../../harness/built-page.ts';
import { memoryVaultHome } from '../../harness/memory-vault.ts';
import { PASSPHRASE, TestPerson, until, welcome } from '../../harness/people.ts';
import { spawnRelay } from '../../harness/relay.ts';
import { median, quantile } from '../measure.ts';
import type { Area, Row } from '../results.ts';
import { crowdedMls, profileIn } from './crowd.ts';
import { arrivals, longTasks, timeToOpen, watchArrivals, watchLongTasks } from './watch.ts';

const LONG = 'Long past';
const SHORT = 'Short past';
const CROWDED = 'A thousand people';
const A_SECOND = 200;
const SENDERS = 4;
const OPENINGS = 7;

export async function inTheBrowser(quick: boolean): Promise<Area> {
  const [past, crowd, seconds] = quick ? [5_000, 100, 3] : [100_000, 1_000, 15];
  const relay = await spawnRelay({ webDirectory: await pages() });
  const browser = await startBrowser();
  const mls = crowdedMls();
  const home = memoryVaultHome();
  const alice = await TestPerson.arrive('Alice', { live: true, mls, home });
  const others: TestPerson[] = [];
  try {
    await alice.found(relay.foundingLink as string);
    await alice.session.close();
    const founder = await profileIn(home, PASSPHRASE);
    await alice.restart();
    for (let n = 1; n < SENDERS; n += 1) others.push(await welcome(alice, `Writer ${n}`, { live: true }));
    const bea = await BrowserPerson.arrive(browser, 'Bea', relay.origin);
    const invitation = await alice.session.invite();
    await alice.session.admit(invitation.id, await bea.join(invitation.link));
    await bea.online();
    const rooms = await settle(alice, others, bea, () => mls.bring(founder, crowd - SENDERS - 1));
    await plantPast(bea, relay.origin, rooms.long, (await alice.session.overview()).me?.id as string, past);
    await bea.page.goto(relay.origin);
    await bea.unlock();
    await bea.online();
    return area(browser, past, crowd, [...await openings(bea, past), ...await underLoad(bea, [alice, ...others], rooms.crowded, seconds)]);
  } finally {
    await browser.close();
    for (const person of [alice, ...others]) await person.session.close();
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

async function settle(alice: TestPerson, others: readonly TestPerson[], bea: BrowserPerson, bringCrowd: () => void): Promise<{ long: string; crowded: string }> {
  const short = await alice.session.createRoom(SHORT);
  const long = await alice.session.createRoom(LONG);
  const crowded = await alice.session.createRoom(CROWDED);
  for (const room of [short, long]) await alice.add(room, 'Bea');
  for (const { name } of others) await alice.add(crowded, name);
  bringCrowd();
  await alice.add(crowded, 'Bea');
  for (let n = 0; n < 100; n += 1) await alice.session.send(short, `Message ${n}: short`);
  await alice.say(short, 'the newest of the short room');
  await alice.say(crowded, 'the newest of the crowded room');
  await bea.page.getByTestId('room-link').filter({ hasText: CROWDED }).waitFor({ timeout: 120_000 });
  await bea.openRoom(CROWDED);
  await bea.reads('the newest of the crowded room');
  return { long, crowded };
}

async function plantPast(bea: BrowserPerson, origin: string, room: string, writer: string, count: number): Promise<void> {
  await bea.page.goto(`${origin}/past/index.html`);
  await bea.page.waitForFunction(() => 'plant' in globalThis);
  await bea.page.evaluate((given) => (globalThis as unknown as { plant(...args: unknown[]): Promise<void> }).plant(...given), [PASSPHRASE, room, writer, count]);
}

async function openings(bea: BrowserPerson, past: number): Promise<Row[]> {
  const { page } = bea;
  await page.getByTestId('room-link').first().waitFor();
  await watchLongTasks(page);
  const crowdedFirst = await timeToOpen(page, CROWDED, 'the newest of the crowded room');
  const times = { long: [] as number[], short: [] as number[] };
  for (let n = 0; n < OPENINGS; n += 1) {
    times.long.push(await timeToOpen(page, LONG, `Message ${past - 1}:`));
    times.short.push(await timeToOpen(page, SHORT, 'the newest of the short room'));
  }
  const tasks = await longTasks(page);
  return [
    { what: `open a room with ${past.toLocaleString('en')} messages; beside: with 101`, unit: 'ms', thicket: median(times.long), peer: median(times.short) },
    { what: 'open the crowded room, the first one after the unlock; beside: the second allowed by the issue', unit: 'ms', thicket: crowdedFirst, peer: 1_000 },
    { what: 'longest task of the page meanwhile; beside: 50 ms', unit: 'ms', thicket: Math.max(0, ...tasks), peer: 50 },
  ];
}

async function underLoad(bea: BrowserPerson, writers: readonly TestPerson[], room: string, seconds: number): Promise<Row[]> {
  await bea.openRoom(CROWDED);
  await longTasks(bea.page);
  await watchArrivals(bea.page);
  const began = performance.now();
  const sent = await write(writers, room, seconds);
  const rate = sent / ((performance.now() - began) / 1000);
  await bea.reads('the last word');
  const [tasks, late] = [await longTasks(bea.page), await arrivals(bea.page)];
  const frame = 1000 / 60;
  return [
    { what: `messages a second that arrived in the crowded room, in ${seconds} s; beside: ${A_SECOND}`, unit: '/s', thicket: rate, peer: A_SECOND },
    { what: `longest task of the page meanwhile (${tasks.length} over 50 ms); beside: 50 ms`, unit: 'ms', thicket: Math.max(0, ...tasks), peer: 50 },
    { what: 'from the engine\'s word to the screen, median; beside: a frame', unit: 'ms', thicket: median(late), peer: frame },
    { what: 'the same, 95 of 100', unit: 'ms', thicket: quantile(late, 0.95), peer: frame },
  ];
}

/** As many as leave of 200 a second. @returns how many the relay took */
async function write(writers: readonly TestPerson[], room: string, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const each = A_SECOND / writers.length;
  const counts = await Promise.all(writers.map(async ({ session, name }) => {
    const began = performance.now();
    const ids: string[] = [];
    while (performance.now() < until) {
      const due = Math.floor(((performance.now() - began) / 1000) * each);
      while (ids.length < due) ids.push(await session.send(room, `${name} ${ids.length}`));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(ids.map((id) => session.delivered(room, id)));
    return ids.length;
  }));
  await (writers[0] as TestPerson).say(room, 'the last word');
  return counts.reduce((sum, count) => sum + count, 0);
}

const area = (browser: Browser, past: number, crowd: number, rows: readonly Row[]): Area => ({
  name: 'browser',
  title: 'The interface under load',
  peer: 'bounds, and the same with little in it',
  how: [
    `Chromium ${browser.version()}, window 1280 by 800, the built web client and its engine over a relay in a process of its own; relay, writers and browser share this machine.`,
    `The long room has ${past.toLocaleString('en')} messages in the vault. The crowded one has ${crowd.toLocaleString('en')} members; ${SENDERS} of them write, the others have keys and certificates and no device.`,
    `Opening: from the press on the room's link to the frame with its newest message, median of ${OPENINGS}. Long tasks: Chromium's own PerformanceObserver.`,
  ],
  rows,
});
