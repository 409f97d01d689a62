/**
 * The device's sealed store. Values are sealed under a data key; that key is sealed under Argon2id of the passphrase.
 * Scopes (a room, a person) are blinded with a keyed hash before they touch the disk, so a dump shows only the names
 * of collections, counts, orders and sizes.
 *
 * A batch is atomic and durable when its promise resolves: after a crash at any moment either all of it is there or none.
 */
export const COLLECTIONS = [
  'profile',   // who I am: keys, pass, hub; scope '' order 0
  'cursor',    // scope: shard
  'rooms',     // MLS state without the tree; scope: mailbox hex
  'trees',     // the ratchet tree; scope: mailbox hex
  'messages',  // runs of items; scope: mailbox hex, order: seq of the last
  'message-ids', // of messages that are there, by run; scope: mailbox hex, order: as of the run
  'outbox',    // what is not acknowledged yet; order: when it was queued
  'key-packages', // own secrets; scope: tag hex
  'people',    // cards; scope: member key hex
  'invitations', // scope: rendezvous hex
  'recent',    // records nobody here could open yet; order: seq
  'notices',   // alarms for the person, until they are understood; scope: what
  'settings',  // scope: name
  'uploads',   // files sent or being sent; scope: blob hex
  'files',     // bytes of files that are kept here; scope: blob hex, order: piece
  'postage',   // tokens in batches, and draws under way; order: when they were made
  'notes',     // what was said about messages; scope: as of the message, order: its place
  'bookmarks', // scope: as of the message, order: its place
  'pins',      // scope: mailbox hex, order: place of the message
  'threads',   // threads this person follows; scope: mailbox hex, order: place of the message above
  'receipts',  // how far people say to have read; scope: mailbox hex
  'drafts',    // scope: mailbox hex, of a thread with its key behind
  'vanishing', // messages that will be gone; scope: '', order: second since 1970 at which they are due
  'profiles',  // how people look in rooms; scope: mailbox hex and member key hex
  'verified',  // people whose phrase was compared; scope: member key hex
  'devices',   // this person's; scope: leaf key hex
  'standing',  // hashes over the log, and what devices said of it; scope: shard
  'boards',    // what this person is to a board; scope: board hex
  'announcements', // scope: board hex, order: seq
  'board-readers', // coordinators only; scope: board hex, order: leaf
  'board-desk', // drafts and what waits to be announced; scope: board hex and id hex
  'board-replies', // coordinators only; scope: board hex and id hex, order: leaf
  'search',    // sealed pieces of the index; scope: as of the messages, order: place of the last in it
] as const;
export type Collection = (typeof COLLECTIONS)[number];

export interface VaultKey {
  readonly collection: Collection;
  readonly scope: string;
  /** A non-negative safe integer; entries of a scope are kept in this order. */
  readonly order: number;
}
export interface VaultEntry {
  readonly scope: string;
  readonly order: number;
  readonly value: Uint8Array;
}
export type VaultChange =
  | { readonly put: VaultKey; readonly value: Uint8Array }
  | { readonly delete: VaultKey }
  /** All of a scope, or what of it stands from `from` to `to` inclusive. */
  | { readonly deleteScope: { readonly collection: Collection; readonly scope: string; readonly from?: number; readonly to?: number } };

/** An open vault. After `close` every call throws VaultFailure `locked`. */
export interface Vault {
  get(key: VaultKey): Promise<Uint8Array | undefined>;
  /** Entries of one scope by order. `from` and `to` are inclusive. */
  range(collection: Collection, scope: string,
    options?: { from?: number; to?: number; limit?: number; newestFirst?: boolean }): Promise<VaultEntry[]>;
  /** Everything in a collection; for the small ones, read once after unlocking. */
  all(collection: Collection): Promise<VaultEntry[]>;
  write(batch: readonly VaultChange[]): Promise<void>;
  changePassphrase(passphrase: string): Promise<void>;
  /** Forgets the keys (zeroed) and closes the store. */
  close(): Promise<void>;
}

/** Where vaults come from: IndexedDB in a browser, a SQLite file in Node. */
export interface VaultHome {
  exists(): Promise<boolean>;
  /** @throws VaultFailure `exists` */
  create(passphrase: string): Promise<Vault>;
  /** @throws VaultFailure `absent` | `wrong-passphrase` | `damaged` | `newer-version` | `in-use` */
  open(passphrase: string): Promise<Vault>;
  /** Deletes the whole store. */
  erase(): Promise<void>;
}

export type VaultFailureCode =
  | 'exists' | 'absent' | 'wrong-passphrase' | 'damaged' | 'newer-version' | 'locked' | 'in-use' | 'storage-full' | 'storage-unavailable';

export class VaultFailure extends Error {
  readonly code: VaultFailureCode;
  constructor(code: VaultFailureCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'VaultFailure';
    this.code = code;
  }
}
