import type { Seq, Slot } from '#shared/ids.ts';

/** A record as the database keeps it, between the services that write, page and stream it. */
export interface StoredRecord {
  readonly seq: Seq;
  readonly mailbox: Uint8Array;
  /** A Kind of the wire. */
  readonly kind: number;
  readonly slot: Slot;
  readonly body: Uint8Array;
}
