/** Pages of the log: fixed ranges of sequence numbers that never change once they are full, but for expiry. */
import { createHash } from 'node:crypto';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { Inject, Injectable } from '@nestjs/common';
import { create, toBinary } from '@bufbuild/protobuf';
import { RelayRefusal } from '#shared/errors.ts';
import { LogPageSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { ShardIndex } from '#shared/ids.ts';
import { MiB, PAGE_SIZE } from '#shared/limits.ts';
import { LOG_STORE, type LogStore, type RecordSize } from './log.store.ts';
import { finished, writeRecord } from './record-codec.ts';
import { type Run, gapsIn, runsOf } from './runs.ts';
import type { StoredRecord } from './stored-record.ts';

export interface Page {
  readonly complete: boolean;
  /** Quoted, strong: the same tag means the same bytes. */
  readonly etag: string;
  /** thicket.relay.v1.LogPage in pieces, read from the database as they are taken. */
  readonly pieces: AsyncGenerator<Buffer>;
  /** Bytes of the bodies in all of it, and in the largest piece. */
  readonly bytes: number;
  readonly largestPiece: number;
}

/** Bodies held in memory at once for one reader. */
const PIECE_BYTES = 2 * MiB;
/** Records looked for at once. */
const READ_RECORDS = 512;
const RECORDS_FIELD = 5;

@Injectable()
export class LogService {
  private readonly store: LogStore;

  constructor(@Inject(LOG_STORE) store: LogStore) {
    this.store = store;
  }

  /** @throws RelayRefusal unknown-shard, unknown-page (one that has no records yet; page 0 always is) */
  async page(shard: ShardIndex, page: number): Promise<Page> {
    const head = await this.store.head(shard);
    if (head === undefined) throw new RelayRefusal('unknown-shard');
    const first = page * PAGE_SIZE + 1;
    if (first > head && page > 0) throw new RelayRefusal('unknown-page');
    const last = Math.min(head, first + PAGE_SIZE - 1);
    const sizes = await this.store.sizes(shard, first, last);
    const front = toBinary(LogPageSchema, create(LogPageSchema, {
      shard,
      page: BigInt(page),
      complete: last === first + PAGE_SIZE - 1,
      head: BigInt(head),
      expired: gapsIn(sizes, first, last).map((gap) => ({ first: BigInt(gap.first), last: BigInt(gap.last) })),
    }));
    return {
      complete: last === first + PAGE_SIZE - 1,
      // The front names shard, range, head and gaps, and a sequence number has one body for ever.
      etag: `"${createHash('sha256').update(front).digest('base64url')}"`,
      pieces: this.pieces(shard, front, sizes),
      bytes: sizes.reduce((sum, { size }) => sum + size, 0),
      largestPiece: Math.max(0, ...runsOf(sizes, PIECE_BYTES).map(({ bytes }) => bytes)),
    };
  }

  /** Newest sequence number of every shard, 0 for an empty one. @throws RelayRefusal */
  heads(): Promise<ReadonlyMap<ShardIndex, number>> {
    return this.store.heads();
  }

  /** What is kept above a sequence number, in order, in pieces that fit in memory. Not to the very head while records expire. */
  async *above(shard: ShardIndex, seq: number): AsyncGenerator<readonly StoredRecord[]> {
    for (let first = seq + 1; ; first += READ_RECORDS) {
      const sizes = await this.store.sizes(shard, first, first + READ_RECORDS - 1);
      for (const run of runsOf(sizes, PIECE_BYTES)) yield await this.store.read(shard, run.first, run.last, expiriesIn(sizes, run));
      if (sizes.length < READ_RECORDS) return;
    }
  }

  /** Protobuf lets a message be sent in parts: what follows the front only adds to `records`. */
  private async *pieces(shard: ShardIndex, front: Uint8Array, sizes: readonly RecordSize[]): AsyncGenerator<Buffer> {
    yield Buffer.from(front.buffer, front.byteOffset, front.byteLength);
    for (const run of runsOf(sizes, PIECE_BYTES)) {
      const writer = new BinaryWriter();
      for (const record of await this.store.read(shard, run.first, run.last, expiriesIn(sizes, run))) writeRecord(writer, RECORDS_FIELD, record);
      yield finished(writer);
    }
  }
}

/** The days with which the records of a run end: where their bodies are. */
const expiriesIn = (sizes: readonly RecordSize[], { first, last }: Run): number[] =>
  [...new Set(sizes.filter(({ seq }) => seq >= first && seq <= last).map(({ expires }) => expires))];
