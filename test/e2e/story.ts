/** The whole story, by three people in three browsers, with the client as it is shipped. Screenshots go to test/output/screenshots. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserPerson, startBrowser, WEB_DIRECTORY } from '../harness/browser.ts';
import { until } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

const ROOM = 'Riverside stairwell B';
const SCRIPTS = [
  'The boiler is off again on three floors.',
  'اجتماع المستأجرين يوم الخميس في السابعة مساءً',
  'הפגישה עברה ליום חמישי בשבע בערב',
  'बैठक गुरुवार शाम सात बजे होगी',
  '会议改到星期四晚上七点',
  '👩🏽‍🔧 👨‍👩‍👧‍👦 🏳️‍🌈 ✊🏿',
  'Señora Núñez fotografió la humedad del baño',
  'Mixed: שלום and مرحبا and 你好, all in one line',
];
/** @param messages how many the three write together */
export function describeStory(messages: number): void {
  describe('three people in three browsers', () => {
    let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser;
    let alice: BrowserPerson, bob: BrowserPerson, carol: BrowserPerson;
    let memberKeys: string[] = [];
    const everybody = () => [alice, bob, carol];
    const link = (of: TestRelay): string => of.foundingLink as string;

    beforeAll(async () => {
      relay = await startTestRelay({ webDirectory: WEB_DIRECTORY });
      browser = await startBrowser();
      [alice, bob, carol] = await Promise.all(['Alice', 'Bob', 'Carol'].map((name) => BrowserPerson.arrive(browser, name, relay.origin))) as [BrowserPerson, BrowserPerson, BrowserPerson];
    });
    afterAll(async () => {
      await browser?.close();
      await relay?.stop();
    });

    it('alice founds the hub', async () => {
      await alice.page.goto(link(relay));
      await alice.page.getByLabel('Name of the hub').waitFor();
      expect(alice.page.url()).not.toContain('found=');
      await alice.shot('01-founding');
      await alice.found(link(relay), 'Riverside Tenants');
      await alice.shot('02-first-home');
    });

    it('bob and carol join by link, and the words are compared', async () => {
      for (const newcomer of [bob, carol]) {
        const invitation = await alice.invite();
        await alice.shot(`03-invitation-for-${newcomer.name}`);
        const said = await newcomer.join(invitation);
        await newcomer.shot(`04-${newcomer.name}-waits`);
        await alice.request(newcomer.name).waitFor();
        await alice.shot(`05-${newcomer.name}-at-the-door`);
        await alice.admit(newcomer.name, said);
        await newcomer.atHome();
      }
      await bob.shot('06-bob-in-without-rooms');
    });

    it('alice makes a room and adds them', async () => {
      await alice.createRoom(ROOM);
      await alice.shot('07-empty-room');
      await alice.add('Bob');
      await alice.add('Carol');
      await Promise.all([bob, carol].map((person) => person.openRoom(ROOM)));
      await alice.shot('08-room-with-people');
      memberKeys = await alice.page.getByRole('complementary').getByTestId('person').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['id'] ?? ''));
      expect(memberKeys.map((key) => key.length)).toEqual([64, 64, 64]);
    });

    it('they write messages in eight scripts, in all directions, and all read the same', async () => {
      await Promise.all(everybody().map(async (person, index) => {
        for (let i = index; i < messages; i += 3) await person.say(`${SCRIPTS[i % SCRIPTS.length]} (${person.name} ${i})`);
      }));
      await Promise.all(everybody().map((person) => person.allSent()));
      const [byAlice, byBob, byCarol] = await readTheSame(messages);
      expect(byAlice).toHaveLength(messages);
      expect(byBob).toEqual(byAlice);
      expect(byCarol).toEqual(byAlice);
      const expected = Array.from({ length: messages }, (_, i) => `${SCRIPTS[i % SCRIPTS.length]} (${['Alice', 'Bob', 'Carol'][i % 3]} ${i})`);
      expect(byAlice.map(({ text }) => text).sort()).toEqual(expected.sort());
      await alice.shot('09-room-full');
      await bob.shot('10-room-full-bob');
    });

    it('each reloads, unlocks, and finds everything again', async () => {
      const before = await alice.readAll();
      for (const person of everybody()) {
        await person.page.reload();
        await person.page.getByLabel('Passphrase', { exact: true }).waitFor();
        if (person === alice) await person.shot('11-unlock');
        await person.unlock('not the passphrase at all');
        await person.page.getByText('That is not the passphrase of this device', { exact: false }).waitFor();
        if (person === alice) await person.shot('12-wrong-passphrase');
        await person.unlock();
        await person.atHome();
        await person.openRoom(ROOM);
        expect(await person.readAll()).toEqual(before);
      }
    });

    it('bob is removed: he reads nothing newer, the others talk on', async () => {
      await alice.remove('Bob');
      await bob.page.locator('[data-event="removed-me"]').waitFor();
      await alice.say('Bob is out. This is for us two.');
      await carol.reads('This is for us two.');
      await carol.say('Understood, only us.');
      await alice.reads('Understood, only us.');
      await bob.page.waitForTimeout(1500);
      const read = (await bob.readAll()).map(({ text }) => text);
      expect(read).toHaveLength(messages);
      expect(read.join('\n')).not.toContain('us two');
      await bob.shot('13-bob-removed');
      await carol.shot('14-carol-after');
    });

    it('lock forgets the keys in one gesture, and the vault on disk shows nothing', async () => {
      await alice.button(/^Lock now/u).first().click();
      await alice.page.getByLabel('Passphrase', { exact: true }).waitFor();
      const dump = await alice.page.evaluate(dumpStorage);
      for (const secret of ['Riverside', 'boiler', 'Alice', 'Carol', 'quiet river']) expect(dump).not.toContain(secret);
      expect(dump.length).toBeGreaterThan(50_000);
    });

    it('no page complained, and none asked another origin for anything', () => {
      for (const person of everybody()) expect(person.complaints, person.name).toEqual([]);
    });

    it('a dump of the relay holds no name, no text and no member key', async () => {
      const dump = await dumpRelay(relay.database.url);
      expect(dump.length).toBeGreaterThan(100_000);
      for (const word of ['Alice', 'Bob', 'Carol', 'Riverside', 'stairwell', 'boiler', 'اجتماع', 'הפגישה', '会议']) {
        expect(dump.includes(Buffer.from(word, 'utf8')), word).toBe(false);
      }
      for (const key of memberKeys) {
        expect(dump.includes(Buffer.from(key, 'hex')), 'a member key').toBe(false);
        expect(dump.includes(Buffer.from(key, 'utf8')), 'a member key in hex').toBe(false);
      }
    });

    /** Everybody's whole timeline, once each has as many messages as there should be. */
    async function readTheSame(count: number): Promise<[Reading, Reading, Reading]> {
      let readings: Reading[] = [];
      await until(async () => {
        readings = await Promise.all(everybody().map((person) => person.readAll()));
        return readings.every((reading) => reading.length >= count);
      }, `all to read ${count} messages`, 90_000);
      return readings as [Reading, Reading, Reading];
    }
  });
}

type Reading = { seq: number; text: string }[];

/** Runs in the page: every value of every object store, as text. */
async function dumpStorage(): Promise<string> {
  const parts: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  const asText = (value: unknown): string => {
    if (value instanceof Uint8Array) return String.fromCharCode(...value.subarray(0, 60_000));
    if (value instanceof ArrayBuffer) return asText(new Uint8Array(value));
    if (value !== null && typeof value === 'object') return Object.values(value).map(asText).join('|');
    return String(value);
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((done, fail) => {
      const opening = indexedDB.open(name as string);
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    for (const store of database.objectStoreNames) {
      const all = (method: 'getAll' | 'getAllKeys') => new Promise<unknown[]>((done, fail) => {
        const asked = database.transaction(store).objectStore(store)[method]();
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
      });
      parts.push(...(await all('getAllKeys')).map(asText), ...(await all('getAll')).map(asText));
    }
    database.close();
  }
  return parts.join('\n');
}

/** Every row of every table, bytes as they are. */
async function dumpRelay(url: string): Promise<Buffer> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>("select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'");
    const parts: Buffer[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from ${name}`);
      for (const row of rows) for (const value of Object.values(row)) parts.push(Buffer.isBuffer(value) ? value : Buffer.from(String(value)));
    }
    return Buffer.concat(parts);
  } finally {
    await client.end();
  }
}
