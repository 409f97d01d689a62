/**
 * Where the bytes of blobs lie: on disk or in an S3-compatible store. A storage knows days and places, no blob; which
 * chunk lies where stands in the database. test/stores holds every kind to one suite.
 */
import type { Day } from '#shared/ids.ts';

/** Where a chunk lies among those that expire on the same day. */
export interface ChunkPlace {
  /** 16 random bytes: a pack, or an object. */
  readonly container: Uint8Array;
  readonly position: number;
  /** Bytes, as stored. */
  readonly length: number;
}

/** `expires` is the first day on which the bytes must be gone. */
export interface ChunkStorage {
  /** Durable when it resolves. @throws RelayRefusal storage-full, storage-unavailable */
  put(expires: Day, bytes: Uint8Array): Promise<ChunkPlace>;
  /** @returns undefined where there is nothing (any more). @throws RelayRefusal storage-unavailable */
  get(expires: Day, place: ChunkPlace): Promise<Uint8Array | undefined>;
  /** Makes the bytes unreadable; nothing there is not an error. @throws RelayRefusal storage-unavailable */
  erase(expires: Day, places: readonly ChunkPlace[]): Promise<void>;
  /** Removes everything whose day has come, and blurs what the storage itself wrote down of times. */
  tidy(today: Day): Promise<void>;
  /** Bytes that lie there, those of erased chunks too where their room is not given back; without it, only what the rows count. */
  used?(): Promise<number>;
  close(): Promise<void>;
}

export const CHUNK_STORAGE = Symbol('ChunkStorage');
