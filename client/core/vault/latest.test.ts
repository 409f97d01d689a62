/** What is kept at hand never says anything else than the store. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sodiumReady, utf8 } from '#shared/sodium.ts';
import type { Vault, VaultChange } from './port.ts';
import type { RawChange, RawEntry, RawHome } from './raw-store.ts';
import { sealedHome } from './sealed.ts';

const COST = { operations: 1, memory: 8192 };

/** A store that counts how often it is read, and writes when it is let. */
function slowStore() {
  let header: Uint8Array | undefined;
  const entries = new Map<string, RawEntry & { collection: string }>();
  const counted = { reads: 0, fails: false, held: Promise.resolve() };
  const id = (key: { collection: string; scope: string; order: number }) => `${key.collection} ${key.scope} ${key.order}`;
  const apply = (change: RawChange) => {
    if ('header' in change) header = change.header;
    else if ('put' in change) entries.set(id(change.put), { ...change.put, sealed: change.sealed });
    else if ('delete' in change) entries.delete(id(change.delete));
    else for (const [key, entry] of entries) if (entry.collection === change.deleteScope.collection && entry.scope === change.deleteScope.scope && entry.order >= change.deleteScope.from && entry.order <= change.deleteScope.to) entries.delete(key);
  };
  const home: RawHome = {
    exists: async () => header !== undefined,
    erase: async () => undefined,
    open: async () => ({
      header: async () => header,
      get: async (key) => entries.get(id(key))?.sealed,
      range: async (collection, scope, { from = 0, to = Number.MAX_SAFE_INTEGER, limit = Number.POSITIVE_INFINITY, newestFirst = false }) => {
        counted.reads += 1;
        const all = [...entries.values()].filter((entry) => entry.collection === collection && entry.scope === scope && entry.order >= from && entry.order <= to).sort((a, b) => a.order - b.order);
        return (newestFirst ? all.reverse() : all).slice(0, limit);
      },
      all: async () => [],
      writeBatch: async (batch) => {
        await counted.held;
        if (counted.fails) throw new Error('the disk is full');
        batch.forEach(apply);
      },
      close: async () => undefined,
    }),
  };
  return { home, counted };
}

const put = (order: number, text: string, scope = 'tenants'): VaultChange => ({ put: { collection: 'messages', scope, order }, value: utf8(text) });
const read = async (vault: Vault, options: Parameters<Vault['range']>[2], scope = 'tenants'): Promise<string[]> =>
  (await vault.range('messages', scope, options)).map(({ order, value }) => `${order} ${new TextDecoder().decode(value)}`);

async function opened() {
  const { home, counted } = slowStore();
  const vault = await sealedHome(home, { cost: COST }).create('a passphrase');
  return { vault, counted };
}

beforeAll(sodiumReady);

describe('the latest entries of a scope', () => {
  it('are read from the store once, and what is written since is among them', async () => {
    const { vault, counted } = await opened();
    await vault.write([1, 2, 3, 4].map((order) => put(order, 'old')));
    expect(await read(vault, { newestFirst: true, limit: 2 })).toEqual(['4 old', '3 old']);
    await vault.write([put(5, 'new'), put(3, 'changed'), { delete: { collection: 'messages', scope: 'tenants', order: 4 } }]);
    expect(await read(vault, { newestFirst: true, limit: 2 })).toEqual(['5 new', '3 changed']);
    expect(counted.reads).toBe(1);
    expect(await read(vault, { newestFirst: true, limit: 3 })).toEqual(['5 new', '3 changed', '2 old']);
    expect(counted.reads).toBe(2);
  });

  it('do not wait for what is being written, and do not show it before it is durable', async () => {
    const { vault, counted } = await opened();
    await vault.write([put(1, 'old')]);
    await read(vault, {});
    let letGo: () => void = () => undefined;
    counted.held = new Promise((resolve) => { letGo = resolve; });
    const writing = vault.write([put(2, 'new')]);
    expect(await read(vault, { newestFirst: true, limit: 1 })).toEqual(['1 old']);
    letGo();
    await writing;
    expect(await read(vault, { newestFirst: true, limit: 1 })).toEqual(['2 new']);
    expect(counted.reads).toBe(1);
  });

  it('what was read while something was written is not kept', async () => {
    const { vault, counted } = await opened();
    await vault.write([put(1, 'old')]);
    let letGo: () => void = () => undefined;
    counted.held = new Promise((resolve) => { letGo = resolve; });
    const writing = vault.write([put(2, 'new')]);
    expect(await read(vault, {})).toEqual(['1 old']);
    letGo();
    await writing;
    expect(await read(vault, {})).toEqual(['1 old', '2 new']);
  });

  it('after a write that failed the store is asked again', async () => {
    const { vault, counted } = await opened();
    await vault.write([put(1, 'old')]);
    await read(vault, {});
    counted.fails = true;
    await expect(vault.write([put(2, 'new')])).rejects.toThrow();
    counted.fails = false;
    expect(await read(vault, {})).toEqual(['1 old']);
    expect(counted.reads).toBe(2);
  });

  it('are what the store says, whatever is written and however it is read', async () => {
    const { vault, counted } = await opened();
    const { home, counted: other } = slowStore();
    const plain = await sealedHome(home, { cost: COST }).create('a passphrase');
    let state = 7;
    const chance = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const change = (): VaultChange => {
      const order = chance(400);
      if (chance(30) === 0) return { deleteScope: { collection: 'messages', scope: 'tenants', from: order, to: order + chance(20) } };
      return chance(6) === 0 ? { delete: { collection: 'messages', scope: 'tenants', order } } : put(order, `${chance(1_000)}`);
    };
    for (let step = 0; step < 300; step += 1) {
      const batch = Array.from({ length: 1 + chance(3) }, change);
      await vault.write(batch);
      await plain.write(batch);
      const from = chance(4) === 0 ? chance(400) : undefined;
      const to = chance(3) === 0 ? chance(400) : undefined;
      const options = { newestFirst: chance(3) > 0, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(chance(3) > 0 && { limit: chance(40) }) };
      expect(await read(vault, options)).toEqual(await readAfresh(plain, options));
    }
    expect(counted.reads).toBeLessThan(200);
    expect(other.reads).toBe(300);
  });
});

/** By a range that is cut at both ends nothing is learnt. */
async function readAfresh(vault: Vault, { from = 0, to = 1_000, limit = Number.POSITIVE_INFINITY, newestFirst = false }: NonNullable<Parameters<Vault['range']>[2]>): Promise<string[]> {
  const all = await read(vault, { from: 0, to: 1_000 });
  const here = all.filter((line) => Number(line.split(' ')[0]) >= from && Number(line.split(' ')[0]) <= to);
  return (newestFirst ? here.reverse() : here).slice(0, limit);
}
