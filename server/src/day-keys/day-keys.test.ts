import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { DayKeys } from './day-keys.ts';
import type { DayKeysStore } from './day-keys.store.ts';
import type { KeyName } from './key-folder.ts';

/** What the database would keep. */
class Notes implements DayKeysStore {
  readonly names: KeyName[] = [];
  async note(name: KeyName): Promise<void> {
    if (!this.names.some(({ id }) => id === name.id)) this.names.push(name);
  }
  async noted(today: number): Promise<readonly KeyName[]> {
    return this.names.filter(({ expires }) => expires > today);
  }
  async forget(today: number): Promise<void> {
    this.names.splice(0, this.names.length, ...this.names.filter(({ expires }) => expires > today));
  }
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const ALICE = text('of alice');
const WORDS = text('a body that was sealed by its sender already');

let folder: string;
let notes: Notes;
let calendar: ReturnType<typeof testCalendar>;
let tomorrow: number;
const said: string[] = [];
const open = (path = folder): Promise<DayKeys> =>
  DayKeys.open(path, notes, calendar, { say: () => undefined, warn: (line) => void said.push(line) });

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'thicket-test-keys-')), 'keys');
  notes = new Notes();
  calendar = testCalendar();
  tomorrow = calendar.today() + 1;
  said.length = 0;
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('day keys', () => {
  it('open what they sealed, for what it was sealed for, also after a restart and in another process', async () => {
    const first = await open();
    const sealed = await first.seal(tomorrow, ALICE, WORDS);
    expect(sealed.length).toBe(WORDS.length + 48);
    for (const keys of [first, await open()]) {
      expect(await keys.open(tomorrow, ALICE, sealed)).toEqual(WORDS);
      expect(await keys.open(tomorrow, text('of bob'), sealed)).toBeUndefined();
      expect(await keys.open(tomorrow + 1, ALICE, sealed)).toBeUndefined();
      expect(await keys.open(tomorrow, ALICE, sealed.with(60, (sealed[60] as number) ^ 1))).toBeUndefined();
      expect(await keys.open(tomorrow, ALICE, sealed.subarray(0, 20))).toBeUndefined();
    }
    expect(said).toEqual([]);
  });

  it('lie in files that nobody else may read, one a day, and the database keeps none of their bytes', async () => {
    const keys = await open();
    await Promise.all([tomorrow, tomorrow, tomorrow + 1].map((day) => keys.seal(day, ALICE, WORDS)));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const files = readdirSync(folder);
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
      const key = readFileSync(join(folder, file));
      expect(key).toHaveLength(32);
      for (const { id } of notes.names) expect(key.includes(Buffer.from(id, 'hex'))).toBe(false);
    }
  });

  it('are made by two processes at once without either losing what it sealed', async () => {
    const pair = [await open(), await open()] as const;
    const sealed = await Promise.all(pair.map((keys) => keys.seal(tomorrow, ALICE, WORDS)));
    for (const keys of pair) for (const one of sealed) expect(await keys.open(tomorrow, ALICE, one)).toEqual(WORDS);
  });

  it('are overwritten and removed with their day, and open nothing from then on', async () => {
    const keys = await open();
    const sealed = await keys.seal(tomorrow, ALICE, WORDS);
    const later = await keys.seal(tomorrow + 1, ALICE, WORDS);
    const draft = join(folder, `${tomorrow}-0123456789abcdef.key.new`);
    writeFileSync(draft, 'left behind by a crash');
    calendar.pass(1);
    expect(await keys.open(tomorrow, ALICE, sealed)).toBeUndefined();
    await expect(keys.seal(tomorrow, ALICE, WORDS)).rejects.toThrow(RangeError);
    await keys.destroy(calendar.today());
    await keys.forget(calendar.today());
    expect(readdirSync(folder).map((name) => name.split('-')[0])).toEqual([String(tomorrow + 1)]);
    expect(notes.names.map(({ expires }) => expires)).toEqual([tomorrow + 1]);
    // Even with the clock turned back, and to somebody who starts anew.
    calendar.pass(-1);
    for (const anyone of [keys, await open()]) {
      expect(await anyone.open(tomorrow, ALICE, sealed)).toBeUndefined();
      expect(await anyone.open(tomorrow + 1, ALICE, later)).toEqual(WORDS);
    }
    await keys.destroy(calendar.today());
  });

  it('that are missing are told to the operator, are not replaced, and serve again when they are back', async () => {
    const before = await open();
    const sealed = await before.seal(tomorrow, ALICE, WORDS);
    renameSync(folder, `${folder}.away`);
    const without = await open();
    expect(said).toEqual([`The keys of 1 day are missing, and what they sealed cannot be read: is ${folder} (THICKET_KEYS) the folder this database was used with?`]);
    expect(without.isWhole(tomorrow)).toBe(false);
    expect([await without.holds(tomorrow, sealed), await without.open(tomorrow, ALICE, sealed)]).toEqual([false, undefined]);
    const meanwhile = await without.seal(tomorrow, ALICE, WORDS);
    expect([await without.holds(tomorrow, meanwhile), await without.open(tomorrow, ALICE, meanwhile)]).toEqual([true, WORDS]);
    for (const file of readdirSync(`${folder}.away`)) renameSync(join(`${folder}.away`, file), join(folder, file));
    for (const one of [sealed, meanwhile]) expect(await without.open(tomorrow, ALICE, one)).toEqual(WORDS);
    expect(without.isWhole(tomorrow)).toBe(true);
  });

  it('whose file holds something else count as missing', async () => {
    const sealed = await (await open()).seal(tomorrow, ALICE, WORDS);
    writeFileSync(join(folder, readdirSync(folder)[0] as string), Buffer.alloc(32, 7));
    const keys = await open();
    expect(said).toHaveLength(1);
    expect(await keys.open(tomorrow, ALICE, sealed)).toBeUndefined();
  });

  it('need a folder that can be written', async () => {
    writeFileSync(folder, 'a file');
    await expect(open()).rejects.toThrow(`THICKET_KEYS names ${folder}, which cannot be made or written.`);
  });
});
