/** The hashes over the shards this device reads, and the counts of its rooms: in memory, in a draft, and in the vault. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredAskingSchema, StoredMarksSchema, type StoredAsking } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { concatBytes } from '#shared/sodium.ts';
import type { VaultChange, VaultEntry } from '../../vault/port.ts';
import type { Draft } from '../draft.ts';
import { baseOf } from '../layout.ts';
import { Overlay } from '../overlay.ts';
import { Chain, CHAIN_BYTES } from './chain.ts';
import { type Counts, decodeCounts, encodeCounts, NOTHING_COUNTED } from './counts.ts';

/** Between two hashes that are kept to be compared by hand, in records. */
const MARK_EVERY = 64;
const MOST_MARKS = 64;

export interface Mark {
  readonly seq: number;
  readonly chain: Uint8Array;
}

const CHAIN = 0;
const MARKS = 1;
const shardScope = (shard: number): string => `shard/${shard}`;
const roomScope = (room: string): string => `room/${room}`;

export class Integrity {
  readonly chains = new Map<number, Chain>();
  readonly marks = new Map<number, readonly Mark[]>();
  readonly counts = new Map<string, Counts>();
  /** Who asks to be added again, by the key of their device. */
  readonly asks = new Map<string, StoredAsking>();

  load(entries: readonly VaultEntry[]): void {
    for (const { scope, order, value } of entries) {
      const [sort, name = ''] = scope.split('/');
      if (sort === 'shard' && order === CHAIN) this.chains.set(Number(name), Chain.decode(value));
      if (sort === 'shard' && order === MARKS) this.marks.set(Number(name), decodeMarks(value));
      if (sort === 'ask') this.asks.set(name, fromBinary(StoredAskingSchema, value));
      if (sort === 'room') this.counts.set(name, decodeCounts(value));
    }
  }
}

export class DraftIntegrity {
  readonly counts: Overlay<string, Counts>;
  readonly asks: Overlay<string, StoredAsking>;
  readonly #chains: Overlay<number, Chain>;
  readonly #marks: Overlay<number, readonly Mark[]>;
  readonly #draft: Draft;

  constructor(draft: Draft, base: Integrity, before?: DraftIntegrity) {
    this.#draft = draft;
    this.counts = new Overlay(base.counts, before?.counts);
    this.asks = new Overlay(base.asks, before?.asks);
    this.#chains = new Overlay(base.chains, before && before.#chains);
    this.#marks = new Overlay(base.marks, before && before.#marks);
  }

  /** Of a shard that is read: this draft's own, to be worked on. */
  chain(shard: number): Chain {
    const here = this.#chains.touched.get(shard);
    const cursor = this.#draft.cursors.get(shard) ?? 0;
    if (here !== undefined) return here;
    const known = this.#chains.get(shard)?.copy();
    const base = baseOf(this.#draft.layout, shard);
    // A cursor that was set by other means, as when reading begins in the middle.
    const fits = known !== undefined && known.seq === Math.max(cursor, base);
    const chain = fits ? known : cursor <= base ? Chain.atBase(shard, base) : Chain.from(cursor);
    if (known !== undefined && !fits) chain.wait(known.takeWaiting());
    this.#chains.set(shard, chain);
    return chain;
  }

  countsOf(room: string): Counts {
    return this.counts.get(room) ?? NOTHING_COUNTED;
  }

  /** Keeps one of every so many values. */
  mark(shard: number, chain: Chain): void {
    const value = chain.seq % MARK_EVERY === 0 ? chain.tip : undefined;
    if (value === undefined) return;
    const before = (this.#marks.get(shard) ?? []).filter(({ seq }) => seq < chain.seq);
    this.#marks.set(shard, [...before.slice(1 - MOST_MARKS), { seq: chain.seq, chain: value }]);
  }

  changes(): VaultChange[] {
    const changes: VaultChange[] = [];
    const put = (scope: string, order: number, value: Uint8Array) => changes.push({ put: { collection: 'standing', scope, order }, value });
    for (const [shard, chain] of this.#chains.touched) if (chain) put(shardScope(shard), CHAIN, chain.encode());
    for (const [shard, marks] of this.#marks.touched) if (marks) put(shardScope(shard), MARKS, encodeMarks(marks));
    for (const [room, counts] of this.counts.touched) {
      if (counts === undefined) changes.push({ delete: { collection: 'standing', scope: roomScope(room), order: 0 } });
      else put(roomScope(room), 0, encodeCounts(counts));
    }
    for (const [device, ask] of this.asks.touched) {
      const key = { collection: 'standing', scope: `ask/${device}`, order: 0 } as const;
      changes.push(ask === undefined ? { delete: key } : { put: key, value: toBinary(StoredAskingSchema, ask) });
    }
    return changes;
  }

  /** Counts and asks settle with the rooms they are of. */
  settle(): void {
    for (const overlay of [this.#chains, this.#marks]) overlay.settle();
  }
}

const encodeMarks = (marks: readonly Mark[]): Uint8Array =>
  toBinary(StoredMarksSchema, create(StoredMarksSchema, { seqs: marks.map(({ seq }) => BigInt(seq)), values: concatBytes(...marks.map(({ chain }) => chain)) }));

function decodeMarks(bytes: Uint8Array): Mark[] {
  const { seqs, values } = fromBinary(StoredMarksSchema, bytes);
  return seqs.map((seq, index) => ({ seq: Number(seq), chain: values.slice(index * CHAIN_BYTES, (index + 1) * CHAIN_BYTES) }));
}
