/**
 * While one page is being written the next is opened already. The device dies just then: what it finds on its disk is whole
 * pages, the first so many, with the keys that open all that follows. It loses nothing, and nothing shows twice.
 */
import { PAGE_SIZE } from '#shared/limits.ts';
import { createMls } from '#core/mls/mls.ts';
import type { Mls } from '#core/mls/port.ts';
import { VaultFailure } from '#core/vault/port.ts';
import type { RawChange } from '#core/vault/raw-store.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { foundHub, PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

const MESSAGES = PAGE_SIZE + PAGE_SIZE / 2;
const NAMES = ['bob', 'carol', 'dave'] as const;
type Name = (typeof NAMES)[number];

/** A disk that stands still at one write that brings messages, and a count of what was opened meanwhile. */
class Reader {
  readonly name: Name;
  opened = 0;
  /** Which write of messages to stand still at; 0 for none. */
  standsAt = 0;
  #writes = 0;
  stands = false;
  #goOn: (failure?: Error) => void = () => undefined;
  readonly mls: Mls;
  readonly home = memoryVaultHome({ beforeWrite: (batch) => this.#beforeWrite(batch) });
  person: TestPerson | undefined;

  constructor(name: Name) {
    this.name = name;
    const mls = createMls();
    this.mls = { ...mls, open: async (...args) => {
      const opened = await mls.open(...args);
      if (opened.kind === 'message') this.opened += 1;
      return opened;
    } };
  }

  #beforeWrite(batch: readonly RawChange[]): Promise<void> | undefined {
    if (!batch.some((change) => 'put' in change && change.put.collection === 'messages')) return undefined;
    this.#writes += 1;
    if (this.#writes !== this.standsAt) return undefined;
    this.stands = true;
    return new Promise((resolve, reject) => {
      this.#goOn = (failure) => (failure === undefined ? resolve() : reject(failure));
    });
  }

  standStillAt(write: number): void {
    this.#writes = 0;
    this.opened = 0;
    this.standsAt = write;
  }
  goOn(failure?: Error): void {
    this.#goOn(failure);
  }
}

let relay: TestRelay;
let alice: TestPerson;
let room: string;
/** Messages on the first two pages that have any. */
let onTwoPages: number;
const readers = new Map(NAMES.map((name) => [name, new Reader(name)]));
const texts = Array.from({ length: MESSAGES }, (_, n) => `message ${n}`);

beforeAll(async () => {
  relay = await startTestRelay();
  alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
  room = await alice.session.createRoom('Much to read');
  for (const [name, reader] of readers) {
    reader.person = await welcome(alice, name, { home: reader.home, mls: reader.mls });
    await alice.add(room, name);
  }
  for (const reader of readers.values()) {
    await until(async () => (await (reader.person as TestPerson).session.catchUp(), (await (reader.person as TestPerson).session.rooms()).length > 0), `${reader.name} to be in`);
  }
  const ids = await Promise.all(texts.map((text) => alice.session.send(room, text)));
  const places = await Promise.all(ids.map((id) => alice.session.delivered(room, id)));
  const pages = places.map(({ seq }) => Math.floor((seq - 1) / PAGE_SIZE));
  onTwoPages = pages.filter((page) => page <= Math.min(...pages) + 1).length;
}, 120_000);
afterAll(async () => {
  await alice.session.close();
  await relay.stop();
});

/** Reads until the disk stands still at this write, and two pages were opened. */
async function readUntil(reader: Reader, write: number): Promise<{ person: TestPerson; reading: Promise<unknown> }> {
  const person = reader.person as TestPerson;
  reader.standStillAt(write);
  const reading = person.session.catchUp().catch((failure: unknown) => failure);
  await until(() => reader.stands && reader.opened >= onTwoPages, 'the next page to be opened');
  return { person, reading };
}

/** The same disk in a new process. */
async function startedAgain(reader: Reader): Promise<TestPerson> {
  reader.standStillAt(0);
  const person = await TestPerson.arrive(reader.name, { home: reader.home, mls: reader.mls });
  await person.session.unlock(PASSPHRASE);
  return person;
}

async function hasReadAll(person: TestPerson): Promise<void> {
  const { length } = texts;
  expect((await person.texts(room)).slice(0, length)).toEqual(texts);
  expect(await person.events(room)).not.toContain('hidden-record');
  // Their keys are those of everybody else.
  await person.say(room, `${person.name}: read`);
  expect((await alice.texts(room)).at(-1)).toBe(`${person.name}: read`);
}

it.each([['bob', 1, 'before either is on the disk'], ['carol', 2, 'when only the first is on the disk']] as const)('%s opens two pages, and with write %i dies %s', async (name, write, _when) => {
  const reader = readers.get(name) as Reader;
  await readUntil(reader, write);
  reader.home.crash();
  const again = await startedAgain(reader);
  await hasReadAll(again);
  await again.session.close();
});

it('dave hears that the disk is full, with the next page opened; nothing of either is there, and once there is room he reads both', async () => {
  const reader = readers.get('dave') as Reader;
  const { person, reading } = await readUntil(reader, 1);
  const shown = (await person.session.timeline(room, { limit: 2 * MESSAGES })).items.length;
  reader.goOn(new VaultFailure('storage-full'));
  expect(await reading).toMatchObject({ code: 'device-full' });
  expect((await person.session.timeline(room, { limit: 2 * MESSAGES })).items.length, 'nothing shows before it is kept').toBe(shown);
  await hasReadAll(person);
  await person.restart();
  await hasReadAll(person);
  await person.session.close();
});
