/** Looking for times of day: whatever tells when something happened more finely than by the day. */

/** Milliseconds since 1970, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds between 1970 and PostgreSQL's beginning of time. */
const POSTGRES_EPOCH = Date.UTC(2000, 0, 1);

/** @param spans the real time of the run, and what the relay's shifted clock said meanwhile */
export class TimeFinder {
  readonly #spans: readonly Span[];

  constructor(spans: readonly Span[]) {
    this.#spans = spans;
  }

  /**
   * 8-byte numbers at any place: PostgreSQL's microseconds (little endian), milliseconds as an integer, and as the double of a JavaScript
   * number. By chance one is met in some ten thousand million bytes.
   */
  search(bytes: Buffer, hit: (ms: number, position: number) => void): void {
    if (this.#spans.length === 0) return;
    const ranges = this.#spans.flatMap(({ from, to }) => [
      { low: BigInt(from - POSTGRES_EPOCH) * 1000n, high: BigInt(to - POSTGRES_EPOCH) * 1000n, ms: (raw: bigint) => Number(raw / 1000n) + POSTGRES_EPOCH },
      { low: BigInt(from), high: BigInt(to), ms: Number },
      { low: bitsOf(from), high: bitsOf(to), ms: doubleOf },
    ]);
    const tops = new Set(ranges.flatMap(({ low, high }) => topsBetween(low, high)));
    const maybe = new Uint8Array(65_536);
    for (const top of tops) maybe[top >>> 16] = 1;
    const last = bytes.length - 8;
    for (let at = 0; at <= last; at += 1) {
      const high = (bytes[at + 7] as number) << 8 | (bytes[at + 6] as number);
      if (maybe[high] === 0 || !tops.has(bytes.readUInt32LE(at + 4))) continue;
      const raw = bytes.readBigUInt64LE(at);
      const range = ranges.find(({ low, high: most }) => raw >= low && raw <= most);
      if (range !== undefined) hit(range.ms(raw), at);
    }
    this.#searchTexts(bytes, hit);
  }

  /** 13 digits of milliseconds; and the hour and minute of an HTTP or ISO date. */
  #searchTexts(bytes: Buffer, hit: (ms: number, position: number) => void): void {
    const text = bytes.toString('latin1');
    for (const { index, 0: found } of text.matchAll(/(?<![0-9])1[0-9]{12}(?![0-9])/g)) {
      const ms = Number(found);
      if (this.#spans.some(({ from, to }) => ms >= from && ms <= to)) hit(ms, index);
    }
    for (const { index, 0: found } of text.matchAll(/[0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT|20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}/g)) {
      const ms = Date.parse(found.endsWith('GMT') ? found : `${found.replace(' ', 'T')}Z`);
      if (this.#spans.some(({ from, to }) => ms >= from - 1000 && ms <= to)) hit(ms, index);
    }
  }
}

const buffer = Buffer.alloc(8);
const bitsOf = (ms: number): bigint => {
  buffer.writeDoubleLE(ms);
  return buffer.readBigUInt64LE();
};
const doubleOf = (raw: bigint): number => {
  buffer.writeBigUInt64LE(raw);
  return buffer.readDoubleLE();
};

function topsBetween(low: bigint, high: bigint): number[] {
  const tops: number[] = [];
  for (let top = low >> 32n; top <= high >> 32n; top += 1n) tops.push(Number(top));
  return tops;
}

export interface Commit {
  readonly xid: number;
  /** Milliseconds since 1970, to the microsecond. */
  readonly at: number;
}

/**
 * Commit records in PostgreSQL's write-ahead log (access/xlogrecord.h, access/xact.h of version 17): a header of 24 bytes with
 * resource manager 1 and operation 0, then a short block header (255, length), then the time. A record cut by a page's end is missed.
 */
export function commitsIn(journal: Buffer): Commit[] {
  const commits: Commit[] = [];
  for (let at = 0; at + 34 <= journal.length; at += 8) {
    const length = journal.readUInt32LE(at);
    if (journal[at + 17] !== 1 || ((journal[at + 16] as number) & 0x70) !== 0 || length < 34 || length > 4096) continue;
    if (journal[at + 24] !== 255) continue;
    const at1970 = Number(journal.readBigInt64LE(at + 26)) / 1000 + POSTGRES_EPOCH;
    if (at1970 > Date.UTC(2020, 0, 1) && at1970 < Date.UTC(2100, 0, 1)) commits.push({ xid: journal.readUInt32LE(at + 4), at: at1970 });
  }
  return commits;
}
