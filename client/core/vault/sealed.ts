/**
 * The vault over any raw store. Three keys live while it is open: the data key, and two derived from it, one that
 * seals values and one that blinds scopes. docs/protocol/vault.md has the layout.
 */
import { type Argon2Cost, concatBytes, deriveKey, hex, hmac, randomBytes, seal, sodiumReady, unseal, utf8, zero } from '#shared/sodium.ts';
import { DEFAULT_COST, openHeader, sealHeader } from './header.ts';
import { Latest } from './latest.ts';
import {
  type Collection, type Vault, type VaultChange, type VaultEntry, VaultFailure, type VaultHome, type VaultKey,
} from './port.ts';
import type { RawChange, RawEntry, RawHome, RawKey, RawStore } from './raw-store.ts';

const LABELS = { values: 'thicket/1 vault values', scopes: 'thicket/1 vault scopes', value: 'thicket/1 vault value' } as const;
const BLINDED_BYTES = 16;
/** Blinded scopes kept at hand: a busy hub has some hundred rooms and people. */
const REMEMBERED_SCOPES = 4096;

export interface SealedHomeOptions {
  /** Of Argon2id, for a new vault or a new passphrase. Tests pass less. */
  readonly cost?: Argon2Cost | undefined;
}

/** Makes a home of vaults from a home of raw stores. */
export function sealedHome(raw: RawHome, { cost = DEFAULT_COST }: SealedHomeOptions = {}): VaultHome {
  return {
    exists: () => raw.exists(),
    erase: () => raw.erase(),

    async create(passphrase) {
      await sodiumReady();
      if (await raw.exists()) throw new VaultFailure('exists');
      return withStore(raw, async (store) => {
        if ((await store.header()) !== undefined) throw new VaultFailure('exists');
        const dataKey = randomBytes(32);
        await store.writeBatch([{ header: sealHeader(passphrase, dataKey, cost) }]);
        return new SealedVault(store, dataKey, cost);
      });
    },

    async open(passphrase) {
      await sodiumReady();
      if (!(await raw.exists())) throw new VaultFailure('absent');
      return withStore(raw, async (store) => {
        const header = await store.header();
        if (header === undefined) throw new VaultFailure('absent');
        return new SealedVault(store, openHeader(passphrase, header).dataKey, cost);
      });
    },
  };
}

/** Opens the store and closes it again if `work` fails, so that a wrong passphrase leaves no lock behind. */
async function withStore(raw: RawHome, work: (store: RawStore) => Promise<Vault>): Promise<Vault> {
  const store = await raw.open();
  try {
    return await work(store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

class SealedVault implements Vault {
  readonly #store: RawStore;
  readonly #cost: Argon2Cost;
  readonly #dataKey: Uint8Array;
  readonly #valueKey: Uint8Array;
  readonly #scopeKey: Uint8Array;
  readonly #blinded = new Map<string, string>();
  readonly #latest = new Latest();
  #open = true;

  constructor(store: RawStore, dataKey: Uint8Array, cost: Argon2Cost) {
    this.#store = store;
    this.#cost = cost;
    this.#dataKey = dataKey;
    this.#valueKey = deriveKey(dataKey, LABELS.values);
    this.#scopeKey = deriveKey(dataKey, LABELS.scopes);
  }

  async get(key: VaultKey): Promise<Uint8Array | undefined> {
    this.#mustBeOpen();
    const raw = this.#raw(key);
    const sealed = await this.#store.get(raw);
    return sealed === undefined ? undefined : this.#unsealed(key.collection, { ...raw, sealed }, key.scope).value;
  }

  async range(collection: Collection, scope: string, options: Parameters<Vault['range']>[2] = {}): Promise<VaultEntry[]> {
    this.#mustBeOpen();
    const known = this.#latest.read(collection, scope, options);
    if (known !== undefined) return known;
    const learn = this.#latest.learning(collection, scope, options);
    const entries = (await this.#store.range(collection, this.#blind(collection, scope), options)).map((entry) => this.#unsealed(collection, entry, scope));
    learn(entries);
    return entries;
  }

  async all(collection: Collection): Promise<VaultEntry[]> {
    this.#mustBeOpen();
    return (await this.#store.all(collection)).map((entry) => this.#unsealed(collection, entry));
  }

  async write(batch: readonly VaultChange[]): Promise<void> {
    this.#mustBeOpen();
    if (batch.length === 0) return;
    const sealed = batch.map((change) => this.#sealed(change));
    const written = this.#latest.writing(batch);
    try {
      await this.#store.writeBatch(sealed);
    } catch (error) {
      written(false);
      throw error;
    }
    if (this.#open) written(true);
  }

  async changePassphrase(passphrase: string): Promise<void> {
    this.#mustBeOpen();
    await this.#store.writeBatch([{ header: sealHeader(passphrase, this.#dataKey, this.#cost) }]);
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    for (const key of [this.#dataKey, this.#valueKey, this.#scopeKey]) zero(key);
    this.#blinded.clear();
    this.#latest.forget();
    await this.#store.close();
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new VaultFailure('locked');
  }

  #sealed(change: VaultChange): RawChange {
    if ('delete' in change) return { delete: this.#raw(change.delete) };
    if ('deleteScope' in change) {
      const { collection, scope, from = 0, to = Number.MAX_SAFE_INTEGER } = change.deleteScope;
      return { deleteScope: { collection, scope: this.#blind(collection, scope), from, to } };
    }
    const key = this.#raw(change.put);
    return { put: key, sealed: seal(this.#valueKey, withScope(change.put.scope, change.value), position(change.put.collection, key)) };
  }

  /** @throws VaultFailure `damaged` for a value that was changed, or moved to another place */
  #unsealed(collection: Collection, entry: RawEntry, expectedScope?: string): VaultEntry {
    // Closed while the store was reading: the keys are zeros by now.
    this.#mustBeOpen();
    const plain = unseal(this.#valueKey, entry.sealed, position(collection, entry));
    const parts = plain && splitScope(plain);
    if (!parts || (expectedScope !== undefined && parts.scope !== expectedScope)) throw new VaultFailure('damaged');
    return { scope: parts.scope, order: entry.order, value: parts.value };
  }

  #raw({ collection, scope, order }: VaultKey): RawKey {
    if (!Number.isSafeInteger(order) || order < 0) throw new RangeError('a vault key is ordered by a non-negative safe integer');
    return { collection, scope: this.#blind(collection, scope), order };
  }

  #blind(collection: Collection, scope: string): string {
    const name = `${collection}\0${scope}`;
    const known = this.#blinded.get(name);
    if (known !== undefined) return known;
    const blinded = hex(hmac('SHA-256', this.#scopeKey, utf8(name)).subarray(0, BLINDED_BYTES));
    if (this.#blinded.size >= REMEMBERED_SCOPES) this.#blinded.clear();
    this.#blinded.set(name, blinded);
    return blinded;
  }
}

/** Additional data that ties a value to its place: a value moved elsewhere does not open. */
function position(collection: Collection, key: { scope: string; order: number }): Uint8Array {
  return utf8(`${LABELS.value}\0${collection}\0${key.scope}\0${key.order}`);
}

/** scope length (2, big endian) || scope || value */
function withScope(scope: string, value: Uint8Array): Uint8Array {
  const name = utf8(scope);
  if (name.length > 0xffff) throw new RangeError('a vault scope is at most 65,535 bytes');
  return concatBytes(Uint8Array.of(name.length >> 8, name.length & 0xff), name, value);
}

function splitScope(plain: Uint8Array): { scope: string; value: Uint8Array } | undefined {
  if (plain.length < 2) return undefined;
  const end = 2 + (((plain[0] as number) << 8) | (plain[1] as number));
  if (plain.length < end) return undefined;
  return { scope: new TextDecoder().decode(plain.subarray(2, end)), value: plain.slice(end) };
}
