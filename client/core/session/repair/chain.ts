/**
 * A hash over a shard's log, record by record. Two devices that were shown the same log up to a number have the same hash
 * there; once they differ they differ for ever, so one comparison now and then finds whatever happened before it.
 *
 *   digest(record) = BLAKE2b-256(seq (8) || kind (1) || slot (8) || mailbox (16) || body)
 *   chain(n)       = BLAKE2b-256(chain(n - 1) || digest(record n))
 *   chain(base)    = BLAKE2b-256('thicket/1 log' || shard (4))          base: the number below the shard's first
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredChainSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import type { LogRecord } from '../../relay/port.ts';
import { blake2b, concatBytes, utf8 } from '#shared/sodium.ts';

export const CHAIN_BYTES = 32;
/** Values at hand, so that what a member says of a while ago can be compared. */
const REMEMBERED = 4096;
/** Of those, kept over a restart: what is said of the log is nearly always of its last few records. */
const KEPT = 64;
/** What members say of records that are not read yet. Each may be anything, and anybody may say it. */
const MOST_WAITING = 32;
const MOST_DIFFERING = 64;

const KINDS: Record<LogRecord['kind'], number> = { post: 0, commit: 1, drop: 2, notice: 3 };
const LABEL = utf8('thicket/1 log');

/** What a member says the log was up to a number. */
export interface Claim {
  readonly seq: number;
  readonly chain: Uint8Array;
  /** Member key. */
  readonly by: Uint8Array;
}

/** Changed in place: a draft works on a copy of its own. */
export class Chain {
  #seq: number;
  #known: boolean;
  /** The last is at #seq: of the chain where it is known, of the records where it is not. */
  #values: Uint8Array[];
  #waiting: Claim[] = [];
  /** Who was shown something else, and the person was told. */
  #differing: Uint8Array[] = [];

  private constructor(seq: number, known: boolean, values: Uint8Array[]) {
    this.#seq = seq;
    this.#known = known;
    this.#values = values;
  }

  /** Of a shard of which nothing is read yet. @param base the number below its first */
  static atBase(shard: number, base: number): Chain {
    return new Chain(base, true, [blake2b(concatBytes(LABEL, uint(4, shard)))]);
  }
  /** Of a shard whose beginning this device did not read. */
  static from(seq: number): Chain {
    return new Chain(seq, false, []);
  }

  get seq(): number {
    return this.#seq;
  }
  get known(): boolean {
    return this.#known;
  }
  get tip(): Uint8Array | undefined {
    return this.at(this.#seq);
  }

  /** @param record the next one */
  advance(record: LogRecord): void {
    const value = digest(record);
    const before = this.#values.at(-1);
    this.#values.push(this.#known && before !== undefined ? blake2b(concatBytes(before, value)) : value);
    this.#seq = record.seq;
    if (this.#values.length >= 2 * REMEMBERED) this.#values.splice(0, this.#values.length - REMEMBERED);
  }

  /** Records up to here were not shown to anybody any more. */
  skipTo(seq: number): void {
    this.#forget(seq);
  }
  /** The log goes on from here: what was read after it is not part of it. */
  rewind(seq: number): void {
    const keep = this.#values.length - (this.#seq - seq);
    if (this.#known && keep > 0) {
      this.#values.length = keep;
      this.#seq = seq;
    } else this.#forget(seq);
    this.#waiting = [];
  }
  /** The next claim is believed, from whomever it comes. */
  anchorAnew(): void {
    this.#forget(this.#seq);
    this.#differing = [];
  }

  /** The hash over the log up to a number, where it is known and at hand. */
  at(seq: number): Uint8Array | undefined {
    return this.#known ? this.#values[this.#values.length - 1 - (this.#seq - seq)] : undefined;
  }

  /** The last few, newest last. */
  latest(count: number): { readonly seq: number; readonly chain: Uint8Array }[] {
    if (!this.#known) return [];
    const values = this.#values.slice(-count);
    return values.map((chain, index) => ({ seq: this.#seq - values.length + 1 + index, chain }));
  }

  /** @returns whether somebody was shown something else; undefined where that cannot be told now */
  compare(claim: Claim): boolean | undefined {
    if (claim.seq > this.#seq) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(claim);
      return undefined;
    }
    if (!this.#known) {
      this.#adopt(claim);
      return undefined;
    }
    const here = this.at(claim.seq);
    return here && !sameBytes(here, claim.chain);
  }

  /** What was said of records that have been read since. */
  takeDue(): Claim[] {
    if (this.#waiting.length === 0) return [];
    const due = this.#waiting.filter(({ seq }) => seq <= this.#seq);
    this.#waiting = this.#waiting.filter(({ seq }) => seq > this.#seq);
    return due;
  }
  takeWaiting(): Claim[] {
    return this.#waiting.splice(0);
  }
  wait(claims: readonly Claim[]): void {
    this.#waiting.push(...claims.slice(0, MOST_WAITING - this.#waiting.length));
  }

  /** @returns true the first time: while it stays so there is nothing new about it */
  differsFrom(member: Uint8Array): boolean {
    if (includesKey(this.#differing, member) || this.#differing.length >= MOST_DIFFERING) return false;
    this.#differing.push(member);
    return true;
  }
  agreesWith(member: Uint8Array): void {
    if (this.#differing.length > 0) this.#differing = this.#differing.filter((key) => !sameBytes(key, member));
  }

  copy(): Chain {
    const copy = new Chain(this.#seq, this.#known, this.#values.slice(-REMEMBERED));
    copy.#waiting = [...this.#waiting];
    copy.#differing = [...this.#differing];
    return copy;
  }

  encode(): Uint8Array {
    return toBinary(StoredChainSchema, create(StoredChainSchema, {
      seq: BigInt(this.#seq), known: this.#known, values: concatBytes(...this.#values.slice(-KEPT)), differing: this.#differing,
      waiting: this.#waiting.map(({ seq, chain, by }) => ({ seq: BigInt(seq), chain, by })),
    }));
  }
  static decode(bytes: Uint8Array): Chain {
    const stored = fromBinary(StoredChainSchema, bytes);
    const values = Array.from({ length: stored.values.length / CHAIN_BYTES }, (_, index) => stored.values.slice(index * CHAIN_BYTES, (index + 1) * CHAIN_BYTES));
    const chain = new Chain(Number(stored.seq), stored.known && values.length > 0, values);
    chain.#waiting = stored.waiting.map(({ seq, chain: value, by }) => ({ seq: Number(seq), chain: value, by }));
    chain.#differing = stored.differing;
    return chain;
  }

  /** From here on the chain is as this member says, because nothing speaks for another. */
  #adopt({ seq, chain }: Claim): void {
    const after = this.#seq - seq;
    if (after > this.#values.length) return;
    const digests = this.#values.slice(this.#values.length - after);
    this.#values = [chain];
    for (const value of digests) this.#values.push(blake2b(concatBytes(this.#values.at(-1) as Uint8Array, value)));
    this.#known = true;
  }

  #forget(seq: number): void {
    this.#seq = seq;
    this.#known = false;
    this.#values = [];
  }
}

const digest = ({ seq, kind, slot, mailbox, body }: LogRecord): Uint8Array =>
  blake2b(concatBytes(uint(8, seq), Uint8Array.of(KINDS[kind]), uint(8, slot), mailbox, body));

function uint(bytes: number, value: number): Uint8Array {
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer);
  if (bytes === 8) view.setBigUint64(0, BigInt(value));
  else view.setUint32(0, value);
  return out;
}
