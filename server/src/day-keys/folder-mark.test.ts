/** The operator forgets to mount a disk, names another folder, restores on a new machine: what the relay takes and what not. */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestRelay, type LocalRelay } from '../../../test/harness/relay.ts';
import { WireHub } from '../../../test/harness/wire.ts';
import { ConfigError } from '../config/config-error.ts';
import type { FolderMarkStore } from './day-keys.store.ts';
import { acceptFolder, mustBeOurFolder } from './folder-mark.ts';

const TODAY = 20_000;

/** A database that remembers whether it was marked; a copy of it has the same seed. */
function database(seed: number, marked = false): FolderMarkStore {
  let isMarked = marked;
  return {
    seed: async () => new Uint8Array(32).fill(seed),
    hasMarked: async () => isMarked,
    setMarked: async () => {
      isMarked = true;
    },
  };
}

describe('the folder of keys', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'thicket-test-mark-'));
    folder = join(parent, 'keys');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const check = (store: FolderMarkStore) => mustBeOurFolder(folder, store, TODAY);
  const refused = async (store: FolderMarkStore, what: string) => {
    const error = await check(store).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain(`THICKET_KEYS names ${folder}, which ${what}`);
    expect((error as ConfigError).message).toContain('`thicket-relay accept-keys`');
  };

  it('is marked at the first start, dated to the day, and is known again, also by an older copy of the database', async () => {
    const store = database(1);
    await check(store);
    expect([readdirSync(folder), statSync(join(folder, 'mark')).mtimeMs, await store.hasMarked()]).toEqual([['mark'], TODAY * 86_400_000, true]);
    await check(store);
    await check(database(1));
  });

  it('that is empty, or not there, is refused once a folder was marked, and nothing is written into it', async () => {
    await refused(database(1, true), 'is not the folder this database was used with');
    expect(existsSync(folder)).toBe(false);
  });

  it('of another database is refused, also by a database that is new', async () => {
    await check(database(2));
    await refused(database(1, true), 'belongs to another database');
    await refused(database(1), 'belongs to another database');
    await check(database(2, true));
  });

  it('is taken as it is for one start when the operator says so; the numbers of another hub are not', async () => {
    await check(database(2));
    writeFileSync(join(folder, 'heads'), '0 300\n');
    await acceptFolder(folder, TODAY);
    await check(database(1));
    expect(readdirSync(folder)).toEqual(['mark']);
    await refused(database(2, true), 'belongs to another database');
  });

  it('that is its own keeps its numbers, whatever the operator said', async () => {
    const store = database(1);
    await check(store);
    writeFileSync(join(folder, 'heads'), '0 300\n');
    await acceptFolder(folder, TODAY);
    await check(store);
    expect(readdirSync(folder).sort()).toEqual(['heads', 'mark']);
  });
});

describe('a relay whose folder of keys is away', () => {
  let relay: LocalRelay;
  afterEach(() => relay.stop());

  it('does not start and changes nothing; with the folder back nobody notices, and without it people are told', async () => {
    relay = await startTestRelay();
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    await mailbox.post();
    await relay.stop();
    const { keys } = relay.database;
    renameSync(keys, `${keys}.away`);
    await expect(relay.restart()).rejects.toBeInstanceOf(ConfigError);
    expect(existsSync(keys), 'no new keys').toBe(false);
    renameSync(`${keys}.away`, keys);
    await relay.restart();
    expect(relay.lines.filter((line) => /older copy|missing/.test(line))).toEqual([]);
    expect((await hub.wire.hello()).generations).toHaveLength(1);
    expect((await hub.wire.page(0, 0, hub.pass)).records).toHaveLength(1);

    await relay.stop();
    rmSync(keys, { recursive: true });
    await acceptFolder(keys, TODAY);
    await relay.restart();
    expect(relay.lines.filter((line) => line.includes('older copy') || line.includes('are missing') || line.includes('is missing'))).toHaveLength(2);
    expect((await hub.wire.hello()).generations).toHaveLength(2);
    expect((await mailbox.post()).shard).toBe(513);
  }, 60_000);
});
