/**
 * A vault home that forgets everything with its process: for scenarios that want many devices fast. The sealing is the
 * real one, at the lowest cost Argon2id knows; only the disk is missing.
 */
import { type Collection, VaultFailure, type VaultHome } from '#core/vault/port.ts';
import type { RawChange, RawEntry, RawHome, RawRange, RawStore } from '#core/vault/raw-store.ts';
import { sealedHome } from '#core/vault/sealed.ts';

/** Argon2id at its cheapest, for tests. */
export const TEST_COST = { operations: 1, memory: 8 * 1024 } as const;

export interface MemoryHomeOptions {
  /** Called before each batch, which waits for it; what it throws is what the disk said, and nothing of the batch is kept. */
  readonly beforeWrite?: (batch: readonly RawChange[]) => void | Promise<void>;
}

export interface MemoryVaultHome extends VaultHome {
  /** What is open dies: nothing of it reaches the disk or comes back from it any more. */
  crash(): void;
  /** Another home with what is in this one now, as if the disk had been copied. */
  copy(): MemoryVaultHome;
}

export function memoryVaultHome(options: MemoryHomeOptions = {}): MemoryVaultHome {
  return homeOf(new MemoryHome(options));
}

const homeOf = (raw: MemoryHome): MemoryVaultHome =>
  ({ ...sealedHome(raw, { cost: TEST_COST }), crash: () => raw.crash(), copy: () => homeOf(raw.copy()) });

class MemoryHome implements RawHome {
  readonly #options: MemoryHomeOptions;
  #header: Uint8Array | undefined;
  #entries = new Map<string, RawEntry & { readonly collection: Collection }>();
  #held = false;
  #life = {};

  constructor(options: MemoryHomeOptions) {
    this.#options = options;
  }

  async exists(): Promise<boolean> {
    return this.#header !== undefined;
  }

  crash(): void {
    this.#held = false;
    this.#life = {};
  }

  copy(): MemoryHome {
    const copy = new MemoryHome({});
    copy.#header = this.#header?.slice();
    copy.#entries = new Map(this.#entries);
    return copy;
  }

  async open(): Promise<RawStore> {
    if (this.#held) throw new VaultFailure('in-use');
    this.#held = true;
    const life = this.#life;
    const select = (wanted: (entry: RawEntry & { collection: Collection }) => boolean): RawEntry[] =>
      [...this.#entries.values()].filter(wanted)
        .sort((a, b) => (a.scope === b.scope ? a.order - b.order : a.scope < b.scope ? -1 : 1))
        .map(({ scope, order, sealed }) => ({ scope, order, sealed: sealed.slice() }));
    return {
      header: async () => this.#header?.slice(),
      get: async (key) => this.#entries.get(name(key.collection, key.scope, key.order))?.sealed.slice(),
      range: async (collection, scope, range) => cut(select((e) => e.collection === collection && e.scope === scope), range),
      all: async (collection) => select((entry) => entry.collection === collection),
      writeBatch: async (batch) => {
        const before = this.#options.beforeWrite?.(batch);
        if (before !== undefined) await before;
        if (this.#life !== life) return new Promise<never>(() => undefined);
        return this.#write(batch);
      },
      close: async () => {
        if (this.#life === life) this.#held = false;
      },
    };
  }

  async erase(): Promise<void> {
    if (this.#held) throw new VaultFailure('in-use');
    this.#header = undefined;
    this.#entries.clear();
  }

  #write(batch: readonly RawChange[]): void {
    for (const change of batch) {
      if ('header' in change) this.#header = change.header.slice();
      else if ('put' in change) {
        const { collection, scope, order } = change.put;
        this.#entries.set(name(collection, scope, order), { collection, scope, order, sealed: change.sealed.slice() });
      } else if ('delete' in change) this.#entries.delete(name(change.delete.collection, change.delete.scope, change.delete.order));
      else {
        const { collection, scope, from, to } = change.deleteScope;
        const isMeant = (entry: RawEntry & { collection: Collection }) => entry.collection === collection && entry.scope === scope && entry.order >= from && entry.order <= to;
        for (const [key, entry] of this.#entries) if (isMeant(entry)) this.#entries.delete(key);
      }
    }
  }
}

const name = (collection: string, scope: string, order: number): string => `${collection}/${scope}/${order}`;

function cut(entries: RawEntry[], { from = 0, to = Infinity, limit = Infinity, newestFirst = false }: RawRange): RawEntry[] {
  const inside = entries.filter(({ order }) => order >= from && order <= to);
  return (newestFirst ? inside.reverse() : inside).slice(0, limit);
}
