/** A map that tells whether it is other than it was, for whoever keeps something that was worked out from all of it. */
export class Versioned<K, V> extends Map<K, V> {
  #version = 0;

  get version(): number {
    return this.#version;
  }
  override set(key: K, value: V): this {
    this.#version += 1;
    return super.set(key, value);
  }
  override delete(key: K): boolean {
    this.#version += 1;
    return super.delete(key);
  }
  override clear(): void {
    this.#version += 1;
    super.clear();
  }
}
