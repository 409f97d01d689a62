/** What mallory can do with the disk of a locked device, and what it gets her. */
import { beforeEach, describe, expect, test } from 'vitest';
import { randomBytes, sha256, sodiumReady, utf8 } from '#shared/sodium.ts';
import type { Vault } from './port.ts';
import type { RawChange, RawEntry, RawHome } from './raw-store.ts';
import { sealedHome } from './sealed.ts';

const COST = { operations: 1, memory: 8192 };
const refusedAs = (code: string) => expect.objectContaining({ name: 'VaultFailure', code });

/** A disk that mallory holds in her hands. */
function disk() {
  let header: Uint8Array | undefined;
  const entries = new Map<string, RawEntry>();
  const id = (key: { collection: string; scope: string; order: number }) => `${key.collection} ${key.scope} ${key.order}`;
  const apply = (change: RawChange) => {
    if ('header' in change) header = change.header;
    else if ('put' in change) entries.set(id(change.put), { scope: change.put.scope, order: change.put.order, sealed: change.sealed });
  };
  const home: RawHome = {
    exists: async () => header !== undefined,
    erase: async () => undefined,
    open: async () => ({
      header: async () => header,
      get: async (key) => entries.get(id(key))?.sealed,
      range: async (collection, scope) => [...entries].filter(([key]) => key.startsWith(`${collection} ${scope} `)).map(([, entry]) => entry),
      all: async (collection) => [...entries].filter(([key]) => key.startsWith(`${collection} `)).map(([, entry]) => entry),
      writeBatch: async (batch) => batch.forEach(apply),
      close: async () => undefined,
    }),
  };
  return { home, entries, getHeader: () => header as Uint8Array, setHeader: (bytes: Uint8Array) => (header = bytes) };
}

let mallory: ReturnType<typeof disk>;
let alice: Vault;
const aliceHome = () => sealedHome(mallory.home, { cost: COST });
beforeEach(async () => {
  await sodiumReady();
  mallory = disk();
  alice = await aliceHome().create('a passphrase');
  await alice.write([
    { put: { collection: 'messages', scope: 'tenants', order: 1 }, value: utf8('meet at seven') },
    { put: { collection: 'messages', scope: 'tenants', order: 2 }, value: utf8('bring nobody') },
    { put: { collection: 'recent', scope: 'tenants', order: 1 }, value: utf8('meet at seven') },
  ]);
});

describe('attack 20: what lies on the disk', () => {
  test('shows neither text nor scope, and the same scope looks different in two collections', () => {
    const dump = Buffer.concat([...mallory.entries].flatMap(([key, entry]) => [Buffer.from(key), entry.sealed])).toString('latin1');
    for (const word of ['tenants', 'seven', 'nobody', Buffer.from('tenants').toString('hex')]) expect(dump).not.toContain(word);
    const scopes = [...mallory.entries].map(([key, entry]) => `${key.split(' ')[0]} ${entry.scope}`);
    expect(new Set(scopes).size).toBe(2);
    expect(new Set([...mallory.entries.values()].map((entry) => entry.scope)).size).toBe(2);
  });

  test('another device blinds the same scope to something else', async () => {
    const bob = disk();
    await (await sealedHome(bob.home, { cost: COST }).create('a passphrase'))
      .write([{ put: { collection: 'messages', scope: 'tenants', order: 1 }, value: utf8('meet at seven') }]);
    expect([...bob.entries.keys()].filter((key) => mallory.entries.has(key))).toEqual([]);
  });

  test('does not open after being moved, swapped or changed', async () => {
    const keys = [...mallory.entries.keys()];
    const [first, second, foreign] = keys.map((key) => mallory.entries.get(key) as RawEntry) as [RawEntry, RawEntry, RawEntry];
    const swaps: RawEntry[] = [
      { ...first, sealed: second.sealed },
      { ...first, sealed: foreign.sealed },
      { ...first, sealed: first.sealed.map((byte, i) => (i === 30 ? byte ^ 1 : byte)) },
      { ...first, sealed: first.sealed.subarray(0, 20) },
    ];
    for (const swap of swaps) {
      mallory.entries.set(keys[0] as string, swap);
      await expect(alice.get({ collection: 'messages', scope: 'tenants', order: 1 })).rejects.toEqual(refusedAs('damaged'));
      await expect(alice.range('messages', 'tenants')).rejects.toEqual(refusedAs('damaged'));
      await expect(alice.all('messages')).rejects.toEqual(refusedAs('damaged'));
    }
  });
});

describe('the header', () => {
  const withChecksum = (body: Uint8Array) => new Uint8Array(Buffer.concat([body, sha256(body)]));

  test('tells damage from a wrong passphrase', async () => {
    const good = mallory.getHeader().slice();
    for (let at = 0; at < good.length; at += 1) {
      mallory.setHeader(good.map((byte, i) => (i === at ? byte ^ 0x10 : byte)));
      await expect(aliceHome().open('a passphrase')).rejects.toEqual(refusedAs('damaged'));
    }
    for (const broken of [good.subarray(0, 40), new Uint8Array(0), randomBytes(133), new Uint8Array(133)]) {
      mallory.setHeader(broken);
      await expect(aliceHome().open('a passphrase')).rejects.toEqual(refusedAs('damaged'));
    }
    mallory.setHeader(good);
    await expect(aliceHome().open('a passphrasf')).rejects.toEqual(refusedAs('wrong-passphrase'));
    await aliceHome().open('a passphrase');
  });

  test('changed on purpose, opens nothing and freezes nothing', async () => {
    const body = mallory.getHeader().slice(0, -32);
    const edited = (at: number, bytes: number[]) => {
      const copy = body.slice();
      copy.set(bytes, at);
      mallory.setHeader(withChecksum(copy));
      return expect(aliceHome().open('a passphrase')).rejects;
    };
    await edited(4, [9]).toEqual(refusedAs('newer-version'));
    await edited(0, [9]).toEqual(refusedAs('damaged'));
    await edited(5, [0xff, 0xff, 0xff, 0xff]).toEqual(refusedAs('damaged'));
    await edited(9, [0xff, 0xff, 0xff, 0xff]).toEqual(refusedAs('damaged'));
    await edited(8, [0]).toEqual(refusedAs('damaged'));
    await edited(8, [2]).toEqual(refusedAs('wrong-passphrase'));
    await edited(13, [1, 2, 3, 4]).toEqual(refusedAs('wrong-passphrase'));
    await edited(40, [1, 2, 3, 4]).toEqual(refusedAs('wrong-passphrase'));
  });

  test('carries its own cost, so that it can be raised', async () => {
    await alice.close();
    const stronger = sealedHome(mallory.home, { cost: { operations: 2, memory: 16 * 1024 } });
    const opened = await stronger.open('a passphrase');
    await opened.changePassphrase('a passphrase');
    await opened.close();
    expect(new DataView(mallory.getHeader().buffer).getUint32(5)).toBe(2);
    expect(new DataView(mallory.getHeader().buffer).getUint32(9)).toBe(16);
    await (await aliceHome().open('a passphrase')).close();
  });
});
