import type { Day, MailboxId, PostVerifyKey, Seq, ShardIndex, Slot } from '#shared/ids.ts';
import type { StoredRecord } from '../log/stored-record.ts';
import type { PaidToken, TokenName } from '../postage/tokens.ts';

/** A record on its way into the log; its signature has been checked against the key of `slot`. */
export interface Arrival {
  readonly shard: ShardIndex;
  readonly mailbox: MailboxId;
  readonly kind: number;
  readonly slot: Slot;
  /** SHA-256 of the body. */
  readonly bodyHash: Uint8Array;
  readonly body: Uint8Array;
  readonly day: Day;
  /** Of a commit: who may post in the next slot. */
  readonly nextKey: PostVerifyKey | undefined;
  /** Spent with the record's storing, or not at all. */
  readonly paid: readonly PaidToken[];
}

export interface Place {
  readonly shard: ShardIndex;
  readonly seq: Seq;
}

export type Outcome =
  | { readonly what: 'posted'; readonly place: Place }
  | { readonly what: 'duplicate'; readonly place: Place }
  | { readonly what: 'wrong-slot'; readonly current: Slot }
  | { readonly what: 'unknown-mailbox' | 'postage-spent' }
  /** Its shard was closed: the mailbox goes on in another one. */
  | { readonly what: 'moved' }
  /** Of one arrival alone, when a mistake of ours kept its batch from being stored together. */
  | { readonly what: 'failed'; readonly error: unknown };

/** What stands in the way of a body, and whose signature it needs. */
export interface Standing {
  /** Undefined for a mailbox nobody opened. */
  readonly slot: Slot | undefined;
  /** Undefined for the drop mailbox. */
  readonly key: PostVerifyKey | undefined;
  /** Where this body is in this mailbox already. */
  readonly first: Place | undefined;
  /** One of the tokens is spent. */
  readonly spent: boolean;
}
export interface Question {
  readonly mailbox: MailboxId;
  readonly bodyHash: Uint8Array;
  /** As shown, not verified. */
  readonly tokens: readonly TokenName[];
}

/** New records of one shard, in order, as they will be read for ever. */
export interface Appended {
  readonly shard: ShardIndex;
  readonly records: readonly StoredRecord[];
}

export interface PostingStore {
  /** A glance without locks, one answer for each question, in their order. */
  standings(questions: readonly Question[]): Promise<readonly Standing[]>;
  /**
   * One transaction for all. Judges each arrival by what is true inside it, in order, and gives places to those that pass,
   * without gaps. When it throws, either nothing or everything happened: only the database knows.
   */
  append(arrivals: readonly Arrival[]): Promise<{ readonly outcomes: readonly Outcome[]; readonly appended: readonly Appended[] }>;
}

export const POSTING_STORE = Symbol('PostingStore');
