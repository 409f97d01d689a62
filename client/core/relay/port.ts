/**
 * The relay as a device sees it. Every call that reaches it either gives its reply or throws RelayRefusal (shared);
 * whatever keeps a call from getting a reply throws RelayUnreachable, and then nobody knows whether it was carried out.
 * Anonymous calls send no pass, cookie or referrer.
 */
import type { Generation } from '#shared/generations.ts';
import type {
  BlobId, HubId, MailboxId, PassId, PoolId, PostVerifyKey, RendezvousId, Secret32, Seq, ShardIndex, Signature, Slot, Week,
} from '#shared/ids.ts';

export type RecordKind = 'post' | 'commit' | 'drop' | 'notice';

export interface LogRecord {
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  readonly kind: RecordKind;
  readonly slot: Slot;
  readonly body: Uint8Array;
}
export interface LogPage {
  readonly complete: boolean;
  readonly head: number;
  readonly records: readonly LogRecord[];
  /** Inclusive runs the relay no longer keeps. */
  readonly expired: readonly { readonly first: number; readonly last: number }[];
}
export interface Pass {
  readonly id: PassId;
  readonly secret: Secret32;
}
export interface Place {
  readonly shard: ShardIndex;
  readonly seq: Seq;
}
export interface HubHello {
  readonly version: number;
  readonly hub: HubId | undefined;
  readonly shards: number;
  readonly pageSize: number;
  /** Oldest first; the last one takes new records. */
  readonly generations: readonly Generation[];
  /** Of the tokens it hands out, 32 bytes, by its own account: the bulletin's is the one that counts. */
  readonly issuerKey: Uint8Array;
  /** Tokens a pass may draw in a week. */
  readonly allowance: Readonly<Record<TokenKind, number>>;
  /** Its gateway's key configuration, by its own account: the bulletin's is the one that counts. */
  readonly gateway: Uint8Array;
  /** Origin of the hub that its operator lets the web client speak to. */
  readonly neighbour: string | undefined;
}
/** Another hub that anonymous calls go through, and the key of our own hub's gateway, which they are sealed to. */
export interface Neighbour {
  readonly origin: string;
  readonly gateway: Uint8Array;
}
export type TokenKind = 'postage' | 'ticket';
/** Tokens of 100 bytes one after the other, as many as the request costs (shared/src/postage.ts). */
export interface Paid {
  readonly postage: Uint8Array;
}
export interface RendezvousState {
  readonly claim: Uint8Array | undefined;
  readonly answer: Uint8Array | undefined;
  readonly refusedClaims: number;
}

export interface TailListener {
  /** The tail is open; everything above `head` will come as records, what is below must be read as pages. */
  opened(heads: ReadonlyMap<number, number>): void;
  records(shard: ShardIndex, records: readonly LogRecord[]): void;
  /** Also called when `open` never succeeded. The adapter reconnects by itself with growing, jittered pauses. */
  closed(why: RelayUnreachable | import('#shared/errors.ts').RelayRefusal): void;
}
export interface Tail {
  close(): void;
  /** Try again now (the network came back). */
  nudge(): void;
}

export interface Relay {
  /** @param known whether who asks may be seen: from a member it is, so that it never shares a connection with what they post */
  hello(options?: { readonly known: boolean }): Promise<HubHello>;
  found(request: { token: Secret32; hub: HubId; pass: Pass }): Promise<void>;
  /** @param ticket a token of kind `ticket` */
  registerPass(ticket: Uint8Array, pass: Pass): Promise<void>;
  /** Evaluates blinded elements of 32 bytes, at most 100; exactly the same request again is answered again and not counted again. */
  drawTokens(pass: Pass, request: { kind: TokenKind; week: Week; blinded: readonly Uint8Array[] }):
    Promise<{ evaluated: readonly Uint8Array[]; proof: Uint8Array; left: number }>;

  openMailbox(request: Paid & { mailbox: MailboxId; verifyKey: PostVerifyKey; proof: Signature }): Promise<void>;
  post(request: Paid & {
    mailbox: MailboxId; kind: 'post' | 'drop' | 'notice'; slot: Slot; body: Uint8Array; signature: Signature | undefined;
  }): Promise<Place>;
  commit(request: Paid & {
    mailbox: MailboxId; slot: Slot; body: Uint8Array; signature: Signature; nextVerifyKey: PostVerifyKey; nextProof: Signature;
  }): Promise<Place>;

  fillPool(request: Paid & { pool: PoolId; ownerSecret: Secret32; packages: readonly Uint8Array[]; lastResort?: Uint8Array; anew?: boolean }):
    Promise<{ waiting: number }>;
  takePackage(request: Paid & { pool: PoolId }): Promise<{ sealed: Uint8Array; lastResort: boolean }>;

  openRendezvous(request: Paid & { rendezvous: RendezvousId; ownerSecret: Secret32 }): Promise<void>;
  claimRendezvous(request: { rendezvous: RendezvousId; claimSecret: Secret32; body: Uint8Array }): Promise<void>;
  answerRendezvous(request: { rendezvous: RendezvousId; ownerSecret: Secret32; body: Uint8Array }): Promise<void>;
  readRendezvous(request: { rendezvous: RendezvousId; secret: Secret32 }): Promise<RendezvousState>;

  /** Announces a blob, or asks how many chunks of it have arrived. */
  openBlob(request: { blob: BlobId; ownerSecret: Secret32; size: number; postage: Uint8Array }): Promise<{ received: number }>;
  writeChunk(request: { blob: BlobId; ownerSecret: Secret32; index: number; chunk: Uint8Array; postage: Uint8Array }): Promise<{ received: number }>;
  readChunk(blob: BlobId, index: number): Promise<{ chunk: Uint8Array; size: number }>;
  deleteBlob(request: { blob: BlobId; ownerSecret: Secret32 }): Promise<void>;

  /**
   * A complete page may come from a browser's cache, from before the relay let some of it expire. `fresh` asks the relay
   * itself: for a page that does not follow on what is known.
   */
  readPage(pass: Pass, shard: ShardIndex, page: number, how?: { readonly fresh?: boolean }): Promise<LogPage>;
  tail(pass: Pass, shards: readonly ShardIndex[], listener: TailListener): Tail;
  /**
   * From now on every anonymous POST goes through this hub and by no other way, or, with undefined, straight.
   * @param heard told after each call whether the neighbour brought an answer
   */
  postThrough(neighbour: Neighbour | undefined, heard: (answers: boolean) => void): void;
  /** Our own hub's hello, by way of a neighbour that may not be chosen yet. @throws NeighbourUnreachable with why */
  helloThrough(neighbour: Neighbour): Promise<HubHello>;
  /** Gives up every call under way, and every later one; they throw RelayUnreachable. Tails are closed on their own. */
  close?(): void;
}

/** The neighbour hub brought no answer of our hub. The same bytes may be sent again; nobody knows whether they were carried out. */
export class NeighbourUnreachable extends Error {
  /** By the neighbour's own account, which may be wrong. */
  readonly why: 'unknown-neighbour' | 'bad-encapsulation' | 'no-answer';
  constructor(why: NeighbourUnreachable['why'], options?: ErrorOptions) {
    super('the neighbour hub brought no answer', options);
    this.name = 'NeighbourUnreachable';
    this.why = why;
  }
}

/** No reply: offline, timed out, cut, or a reply that is not one of a relay's. */
export class RelayUnreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('the relay could not be reached', options);
    this.name = 'RelayUnreachable';
  }
}
