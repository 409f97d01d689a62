/** Entries of one collection that a draft has set or, with undefined, taken away. */
export class Overlay<K, V> {
  readonly touched = new Map<K, V | undefined>();
  readonly #base: Map<K, V>;
  /** What the draft before has touched. Once that is durable the base says the same. */
  readonly #under: ReadonlyMap<K, V | undefined>;

  constructor(base: Map<K, V>, before?: Overlay<K, V>) {
    this.#base = base;
    this.#under = before?.touched ?? new Map<K, V | undefined>();
  }
  get(key: K): V | undefined {
    return this.touched.has(key) ? this.touched.get(key) : this.before(key);
  }
  set(key: K, value: V): void {
    this.touched.set(key, value);
  }
  delete(key: K): void {
    this.touched.set(key, undefined);
  }
  *entries(): Iterable<[K, V]> {
    for (const [key, value] of this.#base) if (!this.touched.has(key) && !this.#under.has(key)) yield [key, value];
    for (const [key, value] of this.#under) if (!this.touched.has(key) && value !== undefined) yield [key, value];
    for (const [key, value] of this.touched) if (value !== undefined) yield [key, value];
  }
  /** @returns what puts the entries back as they are now */
  mark(): () => void {
    // Every record is marked before it is applied, and most touch little.
    if (this.touched.size === 0) return () => this.touched.clear();
    const then = new Map(this.touched);
    return () => refill(this.touched, then);
  }
  /** As it was when the draft began. */
  before(key: K): V | undefined {
    return this.#under.has(key) ? this.#under.get(key) : this.#base.get(key);
  }
  settle(): void {
    for (const [key, value] of this.touched) {
      if (value === undefined) this.#base.delete(key);
      else this.#base.set(key, value);
    }
  }
}

export function refill<K, V>(map: Map<K, V>, then: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of then) map.set(key, value);
}
