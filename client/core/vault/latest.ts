/**
 * The latest entries of scopes that are read again and again, at hand while the vault is open. A store makes a reader wait
 * for whatever is being written, and what is being written while messages come in is these very entries. Only what is
 * durable is here; it goes with the keys.
 */
import type { Collection, Vault, VaultChange, VaultEntry, VaultKey } from './port.ts';

type Range = NonNullable<Parameters<Vault['range']>[2]>;

/** What a screen shows is read from these. */
const KEPT: ReadonlySet<Collection> = new Set<Collection>(['messages', 'notes']);
/** Of one scope; then the older half goes. */
const MOST_ENTRIES = 256;
const MOST_BYTES = 1024 * 1024;
/** Of all; then those that were not read for the longest time go. */
const MOST_SCOPES = 128;
const MOST_BYTES_OF_ALL = 8 * 1024 * 1024;

/** Everything of a scope from `floor` on, by order. */
interface Known {
  floor: number;
  entries: VaultEntry[];
  bytes: number;
}

const nameOf = ({ collection, scope }: Omit<VaultKey, 'order'>): string => `${collection}\0${scope}`;
const keyOf = (change: VaultChange): Omit<VaultKey, 'order'> => ('put' in change ? change.put : 'delete' in change ? change.delete : change.deleteScope);
const sizeOf = (entries: readonly VaultEntry[]): number => entries.reduce((sum, { value }) => sum + value.length, 0);

export class Latest {
  readonly #known = new Map<string, Known>();
  #bytes = 0;
  /** By scope, how many writes to it have begun, and how many of them are under way. */
  readonly #writes = new Map<string, { begun: number; underWay: number }>();

  /** @returns undefined where it is not known: the store is to be read, and may be learnt from */
  read(collection: Collection, scope: string, { from = 0, to = Number.MAX_SAFE_INTEGER, limit = Number.POSITIVE_INFINITY, newestFirst = false }: Range): VaultEntry[] | undefined {
    const name = nameOf({ collection, scope });
    const known = this.#known.get(name);
    if (known === undefined) return undefined;
    const here = known.entries.filter(({ order }) => order >= from && order <= to);
    const isWhole = from >= known.floor || (newestFirst && here.length >= limit);
    if (!isWhole) return undefined;
    this.#known.delete(name);
    this.#known.set(name, known);
    return (newestFirst ? here.reverse() : here).slice(0, limit);
  }

  /** Before the store is read. @returns what takes in what was read, unless something of the scope was written meanwhile */
  learning(collection: Collection, scope: string, { from = 0, to, limit = Number.POSITIVE_INFINITY, newestFirst = false }: Range): (read: readonly VaultEntry[]) => void {
    const name = nameOf({ collection, scope });
    const { begun, underWay } = this.#writesOf(name);
    if (!KEPT.has(collection) || limit === 0 || underWay > 0) return () => undefined;
    return (read) => {
      const isCut = read.length >= limit;
      const later = to === undefined ? [] : this.#from(name, to + 1);
      // With a hole in it, or behind it, it would say that nothing is there.
      if (later === undefined || this.#writesOf(name).begun !== begun || (isCut && !newestFirst)) return;
      const earlier = newestFirst ? [...read].reverse() : read;
      const entries = [...earlier, ...later];
      this.#keep(name, { floor: isCut ? (earlier[0]?.order ?? from) : from, entries, bytes: sizeOf(entries) });
    };
  }

  /** These are being written. @returns to be called when they are durable, or with false when they may not be */
  writing(batch: readonly VaultChange[]): (done: boolean) => void {
    const changes = batch.filter((change) => KEPT.has(keyOf(change).collection));
    const names = new Set(changes.map((change) => nameOf(keyOf(change))));
    for (const name of names) this.#writes.set(name, { begun: this.#writesOf(name).begun + 1, underWay: this.#writesOf(name).underWay + 1 });
    return (done) => {
      for (const name of names) this.#writes.set(name, { begun: this.#writesOf(name).begun, underWay: this.#writesOf(name).underWay - 1 });
      if (done) for (const change of changes) this.#apply(change);
      else for (const name of names) this.#drop(name);
    };
  }

  forget(): void {
    this.#known.clear();
    this.#bytes = 0;
  }

  /** @returns undefined where not all from this place on is known */
  #from(name: string, order: number): VaultEntry[] | undefined {
    const known = this.#known.get(name);
    return known === undefined || known.floor > order ? undefined : known.entries.filter((entry) => entry.order >= order);
  }
  #writesOf(name: string): { begun: number; underWay: number } {
    return this.#writes.get(name) ?? { begun: 0, underWay: 0 };
  }

  #apply(change: VaultChange): void {
    const name = nameOf(keyOf(change));
    const known = this.#known.get(name);
    if (known === undefined) return;
    if ('deleteScope' in change) {
      const { from = 0, to = Number.MAX_SAFE_INTEGER } = change.deleteScope;
      known.entries = known.entries.filter(({ order }) => order < from || order > to);
    } else {
      const { order, scope } = 'put' in change ? change.put : change.delete;
      if (order < known.floor) return;
      const after = known.entries.findLastIndex((entry) => entry.order < order) + 1;
      const isThere = known.entries[after]?.order === order;
      known.entries.splice(after, isThere ? 1 : 0, ...('put' in change ? [{ scope, order, value: change.value }] : []));
    }
    this.#keep(name, { ...known, bytes: sizeOf(known.entries) });
  }

  #keep(name: string, known: Known): void {
    while (known.entries.length > 1 && (known.entries.length > MOST_ENTRIES || known.bytes > MOST_BYTES)) {
      const entries = known.entries.slice(Math.ceil(known.entries.length / 2));
      known = { floor: entries[0]?.order ?? known.floor, entries, bytes: sizeOf(entries) };
    }
    this.#drop(name);
    this.#known.set(name, known);
    this.#bytes += known.bytes;
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_SCOPES && this.#bytes <= MOST_BYTES_OF_ALL) return;
      this.#drop(oldest);
    }
  }
  #drop(name: string): void {
    this.#bytes -= this.#known.get(name)?.bytes ?? 0;
    this.#known.delete(name);
  }
}
