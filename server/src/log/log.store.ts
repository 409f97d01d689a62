/** Reading the log. Writing it is posting's business alone. */
import type { Seq, ShardIndex } from '#shared/ids.ts';
import type { StoredRecord } from './stored-record.ts';

/** What is known of a record without reading its body. */
export interface RecordSize {
  readonly seq: Seq;
  /** Bytes. */
  readonly size: number;
  /** The first day on which it is gone, since 1970. */
  readonly expires: number;
}

export interface LogStore {
  /** Newest sequence number of every shard, 0 for an empty one. */
  heads(): Promise<ReadonlyMap<ShardIndex, number>>;
  /** Shard's newest sequence number, or undefined where there is no such shard. */
  head(shard: ShardIndex): Promise<number | undefined>;
  /** What can still be read of `first`..`last`, in order. */
  sizes(shard: ShardIndex, first: number, last: number): Promise<readonly RecordSize[]>;
  /** Records of `first`..`last` that are still kept, in order. @param expiries those of the records in this run */
  read(shard: ShardIndex, first: number, last: number, expiries: readonly number[]): Promise<readonly StoredRecord[]>;
}

export const LOG_STORE = Symbol('LogStore');
