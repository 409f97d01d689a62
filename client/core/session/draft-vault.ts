/**
 * Entries of the vault as a draft sees them: its own changes, over those of the draft before, which may be on its way to
 * the disk, over what is there. For what is looked up when it is needed and not kept in memory.
 */
import type { Collection, Vault, VaultChange, VaultKey } from '../vault/port.ts';

/** By scope and order; without a value it was taken away. */
type Changed = ReadonlyMap<string, ReadonlyMap<number, Uint8Array | undefined>>;
interface Entry {
  readonly order: number;
  readonly value: Uint8Array;
}
const placeOf = ({ collection, scope }: Omit<VaultKey, 'order'>): string => `${collection} ${scope}`;

export class DraftVault {
  readonly #vault: Vault;
  readonly #under: Changed;
  readonly #changed = new Map<string, Map<number, Uint8Array | undefined>>();
  readonly #keys = new Map<string, Omit<VaultKey, 'order'>>();
  /** What takes back each change, so that a piece of a draft can be given up. */
  readonly #undos: (() => void)[] = [];

  constructor(vault: Vault, before?: DraftVault) {
    this.#vault = vault;
    this.#under = before === undefined ? new Map<string, Map<number, Uint8Array | undefined>>() : before.#changed;
  }

  async get(key: VaultKey): Promise<Uint8Array | undefined> {
    for (const layer of [this.#changed.get(placeOf(key)), this.#under.get(placeOf(key))]) if (layer?.has(key.order) === true) return layer.get(key.order);
    return this.#vault.get(key);
  }

  /** The first entry of a scope that does not stand before `from`. */
  async firstFrom(collection: Collection, scope: string, from: number): Promise<Entry | undefined> {
    const layers = [this.#changed, this.#under].map((layer) => layer.get(placeOf({ collection, scope })));
    const here = layers.flatMap((layer) => [...(layer?.keys() ?? [])]).filter((order) => order >= from && this.#isThere(layers, order));
    const nearest = here.length === 0 ? Number.POSITIVE_INFINITY : here.reduce((least, order) => Math.min(least, order));
    let [stored] = await this.#vault.range(collection, scope, { from, limit: 1 });
    while (stored !== undefined && stored.order < nearest && this.#isGone(layers, stored.order)) {
      [stored] = await this.#vault.range(collection, scope, { from: stored.order + 1, limit: 1 });
    }
    if (stored !== undefined && stored.order < nearest) return { order: stored.order, value: stored.value };
    if (nearest === Number.POSITIVE_INFINITY) return undefined;
    const value = await this.get({ collection, scope, order: nearest });
    return value && { order: nearest, value };
  }

  #isThere(layers: readonly (ReadonlyMap<number, Uint8Array | undefined> | undefined)[], order: number): boolean {
    return layers.find((layer) => layer?.has(order))?.get(order) !== undefined;
  }
  #isGone(layers: readonly (ReadonlyMap<number, Uint8Array | undefined> | undefined)[], order: number): boolean {
    return layers.some((layer) => layer?.has(order)) && !this.#isThere(layers, order);
  }

  /** Entries of a scope that do not stand before `from`, by order. */
  async range(collection: Collection, scope: string, from: number): Promise<Entry[]> {
    const entries = new Map((await this.#vault.range(collection, scope, { from })).map(({ order, value }) => [order, value]));
    for (const layer of [this.#under, this.#changed]) {
      for (const [order, value] of layer.get(placeOf({ collection, scope })) ?? []) {
        if (value === undefined) entries.delete(order);
        else if (order >= from) entries.set(order, value);
      }
    }
    return [...entries].sort(([a], [b]) => a - b).map(([order, value]) => ({ order, value }));
  }

  put(key: VaultKey, value: Uint8Array): void {
    this.#set(key, value);
  }
  delete(key: VaultKey): void {
    this.#set(key, undefined);
  }
  #set({ collection, scope, order }: VaultKey, value: Uint8Array | undefined): void {
    const place = placeOf({ collection, scope });
    let entries = this.#changed.get(place);
    if (entries === undefined) {
      entries = new Map();
      this.#changed.set(place, entries);
      this.#keys.set(place, { collection, scope });
    }
    const had = entries.has(order);
    const before = entries.get(order);
    entries.set(order, value);
    const kept = entries;
    this.#undos.push(() => (had ? kept.set(order, before) : kept.delete(order)));
  }

  /** Whoever changes something else with an entry says how to take that back. */
  onUndo(undo: () => void): void {
    this.#undos.push(undo);
  }
  /** @returns what takes back every change since */
  mark(): () => void {
    const then = this.#undos.length;
    return () => {
      for (const undo of this.#undos.splice(then).reverse()) undo();
    };
  }

  changes(): VaultChange[] {
    const changes: VaultChange[] = [];
    for (const [place, entries] of this.#changed) {
      const key = this.#keys.get(place) as Omit<VaultKey, 'order'>;
      for (const [order, value] of entries) changes.push(value === undefined ? { delete: { ...key, order } } : { put: { ...key, order }, value });
    }
    return changes;
  }
}
