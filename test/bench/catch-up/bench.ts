/** Somebody comes back to thousands of messages: reading, opening and keeping them all, beside opening the same bodies alone. */
import { sodiumReady } from '#shared/sodium.ts';
import { type TestPerson, PASSPHRASE, foundHub, until } from '../../harness/people.ts';
import { spawnRelay } from '../../harness/relay.ts';
import { median } from '../measure.ts';
import type { Area } from '../results.ts';
import { type BrowserReader, browserReader, builtPage } from './browser.ts';

const ROOMS = 5;
const QUEUED = 100;

export async function catchUp(quick: boolean): Promise<Area> {
  await sodiumReady();
  const [messages, repeats] = quick ? [200, 3] : [2_000, 5];
  const relay = await spawnRelay({ webDirectory: await builtPage() });
  const alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
  const bob = await browserReader(relay.origin);
  try {
    await welcomed(alice, bob);
    const rooms = await Promise.all(Array.from({ length: ROOMS }, (_, number) => alice.session.createRoom(`Room ${number}`)));
    for (const room of rooms) await alice.add(room, 'bob');
    await bob.catchUp();
    for (const room of rooms) await written(alice, room, messages);
    const whole = await bob.catchUpTimed();
    const count = await bob.count();
    if (count !== ROOMS * messages) throw new Error(`opened ${count} of ${ROOMS * messages}`);
    const alone: number[] = [];
    for (let time = 0; time < repeats; time += 1) alone.push(await bob.openAlone());
    return area(bob.browser, count, repeats, whole, median(alone));
  } finally {
    await bob.stop();
    await alice.session.close();
    await relay.stop();
  }
}

async function welcomed(alice: TestPerson, bob: BrowserReader): Promise<void> {
  const { id, link } = await alice.session.invite();
  const phrase = await bob.join(link, PASSPHRASE);
  await alice.session.requests();
  await alice.session.admit(id, phrase);
  await until(() => bob.isIn(), 'bob to be admitted', 60_000);
  await bob.catchUp();
}

async function written(alice: TestPerson, room: Parameters<TestPerson['say']>[0], messages: number): Promise<void> {
  for (let first = 0; first < messages; first += QUEUED) {
    const ids: Awaited<ReturnType<TestPerson['session']['send']>>[] = [];
    for (let number = first; number < first + QUEUED; number += 1) ids.push(await alice.session.send(room, `message ${number}`));
    await Promise.all(ids.map((id) => alice.session.delivered(room, id)));
  }
}

const area = (browser: string, count: number, repeats: number, whole: number, alone: number): Area => ({
  name: 'catch-up',
  title: `Catching up with ${count.toLocaleString('en')} records`,
  peer: `opening the same bodies alone, in the same worker of ${browser}`,
  how: [
    `${ROOMS} X-Wing rooms, one sender, ${count / ROOMS} messages each. Catching up: pages from a relay in a process of its own, opened, judged and kept in the vault (IndexedDB, sealed, on disk), from the call to its end; once, because a device catches up once.`,
    `Alone: the same bodies from the same room states, one after the other, nothing read and nothing kept; median of ${repeats}.`,
  ],
  rows: [{ what: 'one record', unit: 'ms', thicket: whole / count, peer: alone / count, target: { speed: 1 / 1.3, says: 'at most 1.3 times the time of opening alone (speed 0.77)' } }],
});
