/** Numbers of one to eight bytes, seven bits in each, the lowest first; the last byte has its highest bit clear. */

/** Bytes that grow as they are written. */
export class Writer {
  #bytes = new Uint8Array(1024);
  #length = 0;

  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }
  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }
  get length(): number {
    return this.#length;
  }
  /** Begins anew in the same memory. */
  clear(): void {
    this.#length = 0;
  }
  /** A view, good until the next writing. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    bytes.set(this.view());
    this.#bytes = bytes;
  }
}

export class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }
  get ended(): boolean {
    return this.at >= this.#bytes.length;
  }
  /** @throws RangeError where the bytes end, or say a number that is none */
  number(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('no number here');
  }
  /** Passes over so many bytes. @returns where they begin. @throws RangeError where there are not so many */
  skip(length: number): number {
    const from = this.at;
    this.at += length;
    if (this.at > this.#bytes.length) throw new RangeError('too short');
    return from;
  }
}
