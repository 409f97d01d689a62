import type { Day } from '#shared/ids.ts';
import type { PaidToken } from '../postage/tokens.ts';
import type { ChunkPlace } from './chunk-storage.ts';

/** A blob that has been announced and has not expired. */
export interface StoredBlob {
  readonly ownerHash: Uint8Array;
  /** Bytes of everything sealed. */
  readonly size: number;
  /** Chunks that have arrived, without gaps from the first. */
  readonly received: number;
  /** When it was announced; from it follows when it expires. */
  readonly day: Day;
}
export interface ReadableChunk {
  readonly size: number;
  readonly day: Day;
  readonly place: ChunkPlace;
}

/** `since` is the oldest day that still counts; an older blob is gone, swept or not. */
export interface BlobsStore {
  find(hash: Uint8Array, since: Day): Promise<StoredBlob | undefined>;
  /** Spends what was paid, in the same transaction. @returns false if there is such a blob already. @throws RelayRefusal postage-spent */
  open(blob: { hash: Uint8Array; ownerHash: Uint8Array; size: number; day: Day; since: Day; paid: readonly PaidToken[] }): Promise<boolean>;
  /** Where a chunk of a finished blob lies: always one query, whatever the answer. */
  readable(chunk: { hash: Uint8Array; index: number; since: Day }): Promise<ReadableChunk | undefined>;
  /** Where a chunk lies, of an unfinished blob too. */
  placeOf(hash: Uint8Array, index: number): Promise<ChunkPlace | undefined>;
  /** Counts the chunk as received if it is the next one, and spends what was paid for it. @returns false if it is not, or the blob is gone */
  append(chunk: { hash: Uint8Array; index: number; place: ChunkPlace; paid: readonly PaidToken[] }): Promise<boolean>;
  placesOf(hash: Uint8Array): Promise<ChunkPlace[]>;
  /** @returns false if more chunks have arrived than `received` says */
  remove(hash: Uint8Array, received: number): Promise<boolean>;
  /** Bytes that all blobs together have brought. */
  used(since: Day): Promise<number>;
  forget(before: Day): Promise<void>;
}

export const BLOBS_STORE = Symbol('BlobsStore');
