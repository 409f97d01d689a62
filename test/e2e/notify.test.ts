/** Alice looks elsewhere while Bob writes: what her screen says, and that nothing of it stays. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { BrowserPerson, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { TestPerson, until } from '../harness/people.ts';
import { sideBySide } from '../harness/side-by-side.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Night kitchen';

describe('notifications', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, alice: BrowserPerson, bob: TestPerson, room: RoomId;

  const shown = () => alice.page.evaluate(async () => {
    const notifications = (await (await navigator.serviceWorker.getRegistration())?.getNotifications()) ?? [];
    return notifications.map(({ title, body, tag, icon, data }) => ({ title, body, tag, icon, data: data as unknown }));
  });
  const shows = async (what: string, is: (all: Awaited<ReturnType<typeof shown>>) => boolean) => {
    await until(async () => is(await shown()), what, 30_000);
    return shown();
  };
  /** Playwright tells every page that it has the focus. */
  const looks = (here: boolean) => alice.page.evaluate((focused) => {
    document.hasFocus = () => focused;
    dispatchEvent(new Event(focused ? 'focus' : 'blur'));
  }, here);
  const choose = async (level: string) => {
    await alice.page.getByRole('button', { name: 'Settings' }).first().click();
    const choice = alice.page.getByRole('radio', { name: level });
    // The browser is asked for leave first, so it is chosen a moment after it was pressed.
    // Its words, where a hand would press, once they stand still.
    await alice.page.locator('label').filter({ has: choice }).click();
    await until(() => choice.isChecked(), `${level} to be chosen`);
    // What tells comes by `import()` the first time, and begins with what is unread by then.
    await until(() => alice.page.evaluate(async () => ((await navigator.locks.query()).held ?? []).some(({ name }) => name === 'thicket-notify')), 'it to be at work', 30_000);
    await alice.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  };
  const title = () => alice.page.title();

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    ({ alice, bob, room } = await sideBySide(browser, relay, { hub: 'Bakers', room: ROOM }));
    await alice.context.grantPermissions(['notifications'], { origin: relay.origin });
    await alice.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  });
  afterAll(async () => {
    await browser?.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('name nothing unless asked to, and are off before that', async () => {
    await alice.page.getByRole('button', { name: 'Settings' }).first().click();
    expect(await alice.page.getByRole('radio', { name: 'Nothing' }).first().isChecked()).toBe(true);
    await choose('“New message”');
    await alice.page.locator('label').filter({ has: alice.page.getByRole('radio', { name: 'The number' }) }).click();
    await looks(false);
    await bob.session.send(room, 'The bread is burning');
    const [first, ...others] = await shows('a notification', (all) => all.length > 0);
    expect([first, others]).toEqual([{ title: 'New message', body: '', tag: expect.stringMatching(/^[0-9a-f-]{36}$/), icon: '', data: null }, []]);
    expect(JSON.stringify(first)).not.toContain(room);
    await until(async () => (await title()) === '(1) Bakers', 'the number in the title');
    await alice.shot('notify-01-settings');
  });

  it('one for a room, from one of two tabs; none while one of them is looked at', async () => {
    const second = await BrowserPerson.at(alice.context, 'Alice', relay.origin);
    await second.page.goto(relay.origin);
    await second.atHome();
    await second.page.evaluate(() => {
      document.hasFocus = () => false;
      dispatchEvent(new Event('blur'));
    });
    await choose('Room and sender');
    await bob.session.send(room, 'The fire is out');
    const [named] = await shows('room and sender', (all) => all.some(({ body }) => body === 'Bob'));
    expect(named).toMatchObject({ title: ROOM, body: 'Bob' });
    expect(await shown()).toHaveLength(1);
    await second.page.evaluate(() => {
      document.hasFocus = () => true;
      dispatchEvent(new Event('focus'));
    });
    await shows('nothing', (all) => all.length === 0);
    await bob.session.send(room, 'You are looking');
    await until(async () => (await title()) === '(3) Bakers', 'the third to be counted');
    await second.page.waitForTimeout(1500);
    expect(await shown()).toEqual([]);
    await second.page.close();
  });

  it('pressing one opens its room, and locking leaves none', async () => {
    await choose('With the text');
    await bob.session.send(room, 'Come **down**');
    const [spoken] = await shows('the text', (all) => all.length > 0);
    expect(spoken).toMatchObject({ title: ROOM, body: 'Bob: Come down' });
    // The press itself belongs to the device; what the service worker does with it is this.
    const [worker] = alice.context.serviceWorkers();
    await worker?.evaluate(async () => {
      const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
      const [notification] = await scope.registration.getNotifications();
      dispatchEvent(new (globalThis as unknown as { NotificationEvent: new (type: string, init: object) => Event }).NotificationEvent('notificationclick', { notification }));
    });
    await alice.page.getByRole('heading', { name: ROOM }).first().waitFor();
    await alice.reads('Come down');
    // The press has brought the tab to the front; somebody looks elsewhere again.
    await looks(false);
    await bob.session.send(room, 'Before the lock');
    await shows('one more', (all) => all.length > 0);
    await alice.page.keyboard.press('Control+Shift+L');
    await alice.page.getByLabel('Passphrase', { exact: true }).waitFor();
    await shows('nothing', (all) => all.length === 0);
    expect(await title()).not.toContain('(');
    expect(alice.complaints).toEqual([]);
  });
});
