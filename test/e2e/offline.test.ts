/** The hub is switched off: the app opens, is read and written in, and everything leaves in order, once, when it is back. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { BrowserPerson, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { TestPerson, until } from '../harness/people.ts';
import { sideBySide } from '../harness/side-by-side.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Night bus';

describe('without the hub', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, alice: BrowserPerson, bob: TestPerson, room: RoomId;
  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    ({ alice, bob, room } = await sideBySide(browser, relay, { hub: 'Bus Drivers', room: ROOM }));
    await alice.say('Before the lights went out');
    await alice.allSent();
  });
  afterAll(async () => {
    await browser?.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('the app keeps its own files and nothing else, and its worker keeps to the policy', async () => {
    await alice.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const kept = await alice.page.evaluate(async () => {
      const names = await caches.keys();
      const paths = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)));
      return { names, paths: paths.flat() };
    });
    expect(kept.names).toHaveLength(1);
    expect(kept.paths).toContain('/');
    for (const kind of [/\/engine-.*\.js$/, /\/pictures-.*\.js$/, /\.wasm$/, /\.woff2$/]) expect(kept.paths.some((path) => kind.test(path)), String(kind)).toBe(true);
    expect(kept.paths.filter((path) => path.startsWith('/v1') || path === '/sw.js')).toEqual([]);
    const served = await fetch(`${relay.origin}/sw.js`);
    expect([served.headers.get('cache-control'), served.headers.get('content-type')]).toEqual(['no-cache', expect.stringContaining('javascript')]);
    expect(alice.complaints).toEqual([]);
  });

  it('alice loads the page again with the hub off, unlocks, reads and writes, and loads it once more', async () => {
    await relay.stop();
    for (const words of ['First, in the dark', 'Second, in the dark', 'Third, in the dark']) {
      if (words.startsWith('First') || words.startsWith('Third')) {
        await alice.page.reload();
        await alice.unlock();
        await alice.openRoom(ROOM);
      }
      await alice.reads('Before the lights went out');
      await alice.say(words);
      await alice.reads(words);
    }
    await alice.shot('offline-01-written');
    expect(await alice.page.locator('[data-testid="message"][data-state="sending"]').count()).toBe(3);
  });

  it('and when it is back all of it leaves, in order, once', async () => {
    await relay.restart();
    const dark = async () => (await bob.texts(room)).filter((text) => text.endsWith('in the dark'));
    await until(async () => (await dark().catch(() => [])).length >= 3, 'bob to read what was written in the dark', 90_000);
    await alice.allSent();
    expect(await dark()).toEqual(['First, in the dark', 'Second, in the dark', 'Third, in the dark']);
    await alice.shot('offline-02-back');
  });
});
