/**
 * What happened in rooms, as a draft sees it: what it brings itself, over what is in the vault or on its way there. An
 * item can be looked up and changed by its place; a change writes the whole run that it stands in.
 */
import type { StoredItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Vault } from '../vault/port.ts';
import type { DraftVault } from './draft-vault.ts';
import { historyChanges, keysChange, placeOf, readHistory, runBytes, runItems } from './history.ts';

/** Items that were read together, and what is made of them. */
interface Run {
  readonly order: number;
  readonly from: number;
  items: readonly StoredItem[];
}
/** Runs kept at hand while a draft works. */
const MOST_RUNS = 8;

export class DraftHistory {
  readonly #vault: Vault;
  readonly #entries: DraftVault;
  /** New ones, by scope, in their order. Taken away again: without an item. */
  readonly #new = new Map<string, { place: number; item: StoredItem | undefined }[]>();
  readonly #keys = new Map<string, { keys: string[]; last: number }>();
  readonly #runs = new Map<string, Run[]>();

  readonly #forget: (scope: string, place: number) => Promise<void>;

  /** @param forget whatever was derived of the item that stands there is to go with it */
  constructor(vault: Vault, entries: DraftVault, forget: (scope: string, place: number) => Promise<void>) {
    this.#vault = vault;
    this.#forget = forget;
    this.#entries = entries;
  }

  /** @param scope a room, or a thread of one @param item after all that is there */
  add(scope: string, item: StoredItem): void {
    const items = this.#new.get(scope) ?? [];
    this.#new.set(scope, items);
    items.push({ place: placeOf(item), item });
    this.#entries.onUndo(() => items.pop());
  }
  addKey(room: string, key: string, place: number): void {
    const known = this.#keys.get(room) ?? { keys: [], last: place };
    const last = known.last;
    this.#keys.set(room, known);
    known.keys.push(key);
    known.last = place;
    this.#entries.onUndo(() => {
      known.keys.pop();
      known.last = last;
    });
  }

  async at(scope: string, place: number): Promise<StoredItem | undefined> {
    const fresh = this.#new.get(scope)?.find((one) => one.place === place);
    if (fresh !== undefined) return fresh.item;
    return (await this.#runAt(scope, place))?.items.find((item) => placeOf(item) === place);
  }

  /** Another item in the place of one, or, with undefined, none. There must be one. */
  async replace(scope: string, place: number, item: StoredItem | undefined): Promise<void> {
    const fresh = this.#new.get(scope)?.find((one) => one.place === place);
    if (fresh !== undefined) {
      const before = fresh.item;
      fresh.item = item;
      this.#entries.onUndo(() => { fresh.item = before; });
      return;
    }
    const run = await this.#runAt(scope, place);
    if (run === undefined) return;
    await this.#forget(scope, place);
    const before = run.items;
    run.items = before.flatMap((one) => (placeOf(one) !== place ? [one] : item === undefined ? [] : [item]));
    this.#entries.onUndo(() => { run.items = before; });
    const key = { collection: 'messages', scope, order: run.order } as const;
    if (run.items.length === 0) this.#entries.delete(key);
    else this.#entries.put(key, runBytes([...run.items]));
  }

  /** The latest of a scope, newest first; of those that another draft still writes only some may be among them. */
  async latest(scope: string, limit: number): Promise<StoredItem[]> {
    const fresh = (this.#new.get(scope) ?? []).flatMap(({ item }) => (item === undefined ? [] : [item])).reverse();
    const stored = await readHistory(this.#vault, scope, { newestFirst: true, limit });
    return [...fresh, ...stored].slice(0, limit);
  }

  /** Items of a scope that stand after a place, in their order. */
  async after(scope: string, place: number): Promise<StoredItem[]> {
    const stored = (await this.#entries.range('messages', scope, place + 1)).flatMap(({ value }) => runItems(value));
    const fresh = (this.#new.get(scope) ?? []).flatMap(({ item }) => (item === undefined ? [] : [item]));
    return [...stored, ...fresh].filter((item) => placeOf(item) > place);
  }

  async #runAt(scope: string, place: number): Promise<Run | undefined> {
    const known = this.#runs.get(scope) ?? [];
    const here = known.find((run) => run.from <= place && place <= run.order);
    if (here !== undefined) return here;
    const entry = await this.#entries.firstFrom('messages', scope, place);
    if (entry === undefined) return undefined;
    const items = runItems(entry.value);
    const run = { order: entry.order, from: Math.min(place, ...items.slice(0, 1).map(placeOf)), items };
    this.#runs.set(scope, [run, ...known].slice(0, MOST_RUNS));
    return run;
  }

  /** Puts what is new among the entries of the draft. Once, at its end. */
  finish(): void {
    for (const [scope, items] of this.#new) {
      for (const change of historyChanges(scope, items.flatMap(({ item }) => (item === undefined ? [] : [item])))) if ('put' in change) this.#entries.put(change.put, change.value);
    }
    for (const [room, { keys, last }] of this.#keys) {
      const change = keys.length === 0 ? undefined : keysChange(room, last, keys);
      if (change !== undefined && 'put' in change) this.#entries.put(change.put, change.value);
    }
  }
}
