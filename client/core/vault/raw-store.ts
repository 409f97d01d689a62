/**
 * What a storage engine must offer for a vault to stand on it: sealed bytes under blinded keys, and one atomic,
 * durable write. It knows no key and no plaintext. Errors leave it as VaultFailure.
 */
import type { Collection } from './port.ts';

export interface RawKey {
  readonly collection: Collection;
  /** The blinded scope, 32 hex digits. */
  readonly scope: string;
  readonly order: number;
}
export interface RawEntry {
  readonly scope: string;
  readonly order: number;
  readonly sealed: Uint8Array;
}
export type RawChange =
  | { readonly put: RawKey; readonly sealed: Uint8Array }
  | { readonly delete: RawKey }
  | { readonly deleteScope: { readonly collection: Collection; readonly scope: string; readonly from: number; readonly to: number } }
  | { readonly header: Uint8Array };

export interface RawRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit?: number | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** An open store, held exclusively: no other tab or process has it until `close`. */
export interface RawStore {
  header(): Promise<Uint8Array | undefined>;
  get(key: RawKey): Promise<Uint8Array | undefined>;
  /** Entries of one scope by order; `from` and `to` are inclusive. */
  range(collection: Collection, scope: string, range: RawRange): Promise<RawEntry[]>;
  /** Everything in a collection, by blinded scope, then order. */
  all(collection: Collection): Promise<RawEntry[]>;
  /** All of the batch or none of it, on the disk when the promise resolves. Changes apply in their order. */
  writeBatch(batch: readonly RawChange[]): Promise<void>;
  close(): Promise<void>;
}

export interface RawHome {
  /** True when a header is there: a store whose creation was cut short does not exist. Takes no lock. */
  exists(): Promise<boolean>;
  /** Opens the store, making an empty one if need be. @throws VaultFailure `in-use` */
  open(): Promise<RawStore>;
  /** @throws VaultFailure `in-use` */
  erase(): Promise<void>;
}
