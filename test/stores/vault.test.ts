/** One suite, every store: what a vault promises, it promises in IndexedDB, in SQLite and in memory. */
import 'fake-indexeddb/auto';
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { equalBytes, sodiumReady, utf8 } from '#shared/sodium.ts';
import { indexedDbVaultHome } from '#core/vault/indexeddb.ts';
import { type Collection, type Vault, VaultFailure, type VaultHome } from '#core/vault/port.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { memoryVaultHome, TEST_COST } from '../harness/memory-vault.ts';

const PASSPHRASE = 'four calm herons wading';
const directory = mkdtempSync(join(tmpdir(), 'thicket-vault-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let homes = 0;
const stores: Record<string, () => VaultHome> = {
  memory: () => memoryVaultHome(),
  'node:sqlite': () => sqliteVaultHome(join(directory, `home-${(homes += 1)}`), { cost: TEST_COST }),
  indexeddb: () => indexedDbVaultHome(`vault-${(homes += 1)}`, { cost: TEST_COST, patienceMs: 100 }),
};

const put = (collection: Collection, scope: string, order: number, value: string | Uint8Array) =>
  ({ put: { collection, scope, order }, value: typeof value === 'string' ? utf8(value) : value });
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const refusedAs = (code: string) => expect.objectContaining({ name: 'VaultFailure', code });

describe.each(Object.entries(stores))('a vault in %s', (_name, newHome) => {
  let home: VaultHome;
  let vault: Vault;
  beforeEach(async () => {
    await sodiumReady();
    home = newHome();
    vault = await home.create(PASSPHRASE);
    return () => vault.close();
  });

  test('is not there, then is, then is gone again', async () => {
    const other = newHome();
    expect(await other.exists()).toBe(false);
    await expect(other.open(PASSPHRASE)).rejects.toEqual(refusedAs('absent'));
    await (await other.create(PASSPHRASE)).close();
    expect(await other.exists()).toBe(true);
    await other.erase();
    expect(await other.exists()).toBe(false);
    await expect(other.open(PASSPHRASE)).rejects.toEqual(refusedAs('absent'));
    await other.erase();
    await (await other.create('another one')).close();
  });

  test('is made once', async () => {
    await vault.write([put('profile', '', 0, 'alice')]);
    await expect(home.create(PASSPHRASE)).rejects.toEqual(refusedAs('exists'));
    await vault.close();
    await expect(home.create(PASSPHRASE)).rejects.toEqual(refusedAs('exists'));
    vault = await home.open(PASSPHRASE);
    expect(text(await vault.get({ collection: 'profile', scope: '', order: 0 }))).toBe('alice');
  });

  test('gives back what was put, after closing and opening again', async () => {
    const large = new Uint8Array(nodeRandomBytes(3 * 1024 * 1024));
    await vault.write([put('rooms', 'a1', 0, 'first'), put('trees', 'a1', 0, large), put('rooms', 'a1', 0, 'second'), put('settings', '', 0, '')]);
    await vault.close();
    vault = await home.open(PASSPHRASE);
    expect(text(await vault.get({ collection: 'rooms', scope: 'a1', order: 0 }))).toBe('second');
    expect(equalBytes(large, (await vault.get({ collection: 'trees', scope: 'a1', order: 0 })) ?? new Uint8Array(0))).toBe(true);
    expect(await vault.get({ collection: 'settings', scope: '', order: 0 })).toEqual(new Uint8Array(0));
    expect(await vault.get({ collection: 'rooms', scope: 'a1', order: 1 })).toBeUndefined();
    expect(await vault.get({ collection: 'trees', scope: 'A1', order: 0 })).toBeUndefined();
  });

  test('reads a scope in order, from either end', async () => {
    // Orders that would come out wrong if they were compared as text, and the largest there can be.
    const orders = [0, 2, 9, 10, 100, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER];
    await vault.write([...orders].reverse().map((order) => put('messages', 'room', order, `m${order}`)));
    await vault.write([put('messages', 'room2', 5, 'elsewhere'), put('recent', 'room', 5, 'elsewhere')]);
    const read = async (options?: Parameters<Vault['range']>[2]) => (await vault.range('messages', 'room', options)).map((e) => e.order);

    expect(await read()).toEqual(orders);
    expect(await read({ newestFirst: true })).toEqual([...orders].reverse());
    expect(await read({ from: 9, to: 100 })).toEqual([9, 10, 100]);
    expect(await read({ to: 10, limit: 2, newestFirst: true })).toEqual([10, 9]);
    expect(await read({ from: 3, limit: 2 })).toEqual([9, 10]);
    expect(await read({ limit: 3, newestFirst: true })).toEqual([...orders].reverse().slice(0, 3));
    expect(await read({ limit: 0 })).toEqual([]);
    expect(await read({ from: 11, to: 10 })).toEqual([]);
    expect(text((await vault.range('messages', 'room', { from: 10, to: 10 }))[0]?.value)).toBe('m10');
    expect(await vault.range('messages', 'nowhere')).toEqual([]);
  });

  test('reads a whole collection with its scopes in clear', async () => {
    await vault.write([put('people', 'a', 0, 'alice'), put('people', 'b', 1, 'bob'), put('people', 'b', 0, 'bea'), put('rooms', 'a', 0, 'no')]);
    const all = await vault.all('people');
    expect(all.map((e) => `${e.scope}${e.order} ${text(e.value)}`).sort()).toEqual(['a0 alice', 'b0 bea', 'b1 bob']);
    expect(all.filter((e) => e.scope === 'b').map((e) => e.order)).toEqual([0, 1]);
    expect(await vault.all('outbox')).toEqual([]);
  });

  test('applies a batch in order, and forgets one entry or a whole scope', async () => {
    await vault.write([put('messages', 'r', 1, 'one'), put('messages', 'r', 2, 'two'), put('messages', 's', 1, 'other')]);
    await vault.write([
      { delete: { collection: 'messages', scope: 'r', order: 1 } },
      { delete: { collection: 'messages', scope: 'r', order: 77 } },
    ]);
    expect((await vault.range('messages', 'r')).map((e) => e.order)).toEqual([2]);
    await vault.write([put('messages', 'r', 3, 'dies'), { deleteScope: { collection: 'messages', scope: 'r' } }, put('messages', 'r', 4, 'stays')]);
    expect((await vault.range('messages', 'r')).map((e) => e.order)).toEqual([4]);
    expect((await vault.range('messages', 's')).map((e) => e.order)).toEqual([1]);
    await vault.write([5, 6, 7, 8, 9].map((order) => put('messages', 'r', order, 'in a row')));
    await vault.write([{ deleteScope: { collection: 'messages', scope: 'r', from: 6, to: 8 } }, { deleteScope: { collection: 'messages', scope: 'r', to: 4 } }]);
    expect((await vault.range('messages', 'r')).map((e) => e.order)).toEqual([5, 9]);
    await vault.write([{ deleteScope: { collection: 'messages', scope: 'r', from: 9 } }, { deleteScope: { collection: 'messages', scope: 'r', from: 8, to: 2 } }]);
    expect((await vault.range('messages', 'r')).map((e) => e.order)).toEqual([5]);
  });

  test('refuses an order that is none, and keeps nothing of that batch', async () => {
    for (const order of [-1, 1.5, Number.NaN, 2 ** 53]) {
      await expect(vault.write([put('messages', 'r', 1, 'x'), put('messages', 'r', order, 'y')])).rejects.toBeInstanceOf(RangeError);
    }
    expect(await vault.range('messages', 'r')).toEqual([]);
    await vault.write([]);
  });

  test('takes writes that overlap, in the order they were asked for', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => vault.write([put('cursor', '0', 0, `${i}`), put('messages', 'r', i, `${i}`)])));
    expect(text(await vault.get({ collection: 'cursor', scope: '0', order: 0 }))).toBe('39');
    expect(await vault.range('messages', 'r')).toHaveLength(40);
  });

  test('opens with the passphrase only, however it was typed', async () => {
    await vault.close();
    await expect(home.open('four calm herons wadin')).rejects.toEqual(refusedAs('wrong-passphrase'));
    await expect(home.open('')).rejects.toEqual(refusedAs('wrong-passphrase'));
    vault = await home.open(PASSPHRASE);

    const accented = newHome();
    await (await accented.create('caf\u00e9')).close();
    await (await accented.open('cafe\u0301')).close();
  });

  test('changes its passphrase, and keeps everything', async () => {
    await vault.write([put('profile', '', 0, 'alice')]);
    await vault.changePassphrase('a new one entirely');
    await vault.write([put('profile', '', 1, 'still alice')]);
    await vault.close();
    await expect(home.open(PASSPHRASE)).rejects.toEqual(refusedAs('wrong-passphrase'));
    vault = await home.open('a new one entirely');
    expect((await vault.range('profile', '')).map((e) => text(e.value))).toEqual(['alice', 'still alice']);
  });

  test('is open once at a time', async () => {
    await expect(home.open(PASSPHRASE)).rejects.toEqual(refusedAs('in-use'));
    await expect(home.erase()).rejects.toEqual(refusedAs('in-use'));
    expect(await home.exists()).toBe(true);
    await vault.close();
    vault = await home.open(PASSPHRASE);
  });

  test('says `locked` to everything once it is closed, and closes twice', async () => {
    await vault.write([put('profile', '', 0, 'alice')]);
    const reading = vault.get({ collection: 'profile', scope: '', order: 0 }).catch((error: unknown) => error);
    await vault.close();
    // Either it was read in time or it is locked; keys that are zeros must not look like damage.
    const outcome = await reading;
    expect(outcome instanceof VaultFailure ? outcome.code : text(outcome as Uint8Array)).toMatch(/^(locked|alice)$/);
    await vault.close();
    const calls = [
      () => vault.get({ collection: 'profile', scope: '', order: 0 }), () => vault.range('profile', ''), () => vault.all('profile'),
      () => vault.write([put('profile', '', 0, 'x')]), () => vault.write([]), () => vault.changePassphrase('x'),
    ];
    for (const call of calls) await expect(call()).rejects.toEqual(refusedAs('locked'));
  });
});
