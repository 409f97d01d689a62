import { concatBytes, hex, sha256 } from '#shared/sodium.ts';

export const MESSAGE_KEY_BYTES = 16;
/** What tells one message of a room from another: its id is the sender's to choose, so the sender belongs to it. In hexadecimal. */
export const messageKey = (sender: Uint8Array, id: Uint8Array): string => hex(sha256(concatBytes(sender, id)).subarray(0, MESSAGE_KEY_BYTES));

/** What a device remembers of each room to tell new from known: bounded, the oldest forgotten first, unless all was recalled. */
export class Memory {
  readonly #limit: number;
  readonly #rooms = new Map<string, Set<string>>();
  readonly #forgetful = new Set<string>();
  readonly #complete = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }
  has(room: string, item: string): boolean {
    return this.#rooms.get(room)?.has(item) ?? false;
  }
  add(room: string, item: string): void {
    let items = this.#rooms.get(room);
    if (items === undefined) {
      items = new Set();
      this.#rooms.set(room, items);
    }
    items.add(item);
    if (items.size <= this.#limit || this.#complete.has(room)) return;
    items.delete(items.values().next().value as string);
    this.forget(room);
  }
  /** Nothing of this room is remembered any more. */
  drop(room: string): void {
    for (const kept of [this.#rooms, this.#forgetful, this.#complete]) kept.delete(room);
  }
  /** There is more than is remembered here. */
  forget(room: string): void {
    this.#forgetful.add(room);
  }
  /** From now on everything of this room is remembered. @param items all there is, but for what was added since */
  recall(room: string, items: Iterable<string>): void {
    this.#complete.add(room);
    this.#forgetful.delete(room);
    for (const item of items) this.add(room, item);
  }
  /** Whether what is not remembered may have been there all the same. */
  isForgetful(room: string): boolean {
    return this.#forgetful.has(room);
  }
}

/** What one draft adds to a memory, kept apart until the draft is durable. */
export class DraftMemory {
  readonly #base: Memory;
  /** What the draft before adds, until that one is durable. */
  readonly #under: Memory | undefined;
  readonly #added: Memory = new Memory(Number.POSITIVE_INFINITY);
  readonly #order: [room: string, item: string][] = [];

  constructor(base: Memory, before?: DraftMemory) {
    this.#base = base;
    this.#under = before === undefined ? undefined : before.#added;
  }
  isForgetful(room: string): boolean {
    return this.#base.isForgetful(room);
  }
  has(room: string, item: string): boolean {
    return this.#base.has(room, item) || this.#added.has(room, item) || (this.#under?.has(room, item) ?? false);
  }
  add(room: string, item: string): void {
    this.#added.add(room, item);
    this.#order.push([room, item]);
  }
  settle(): void {
    for (const [room, item] of this.#order) this.#base.add(room, item);
  }
}
