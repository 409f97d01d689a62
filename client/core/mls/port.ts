/**
 * What the rest of the engine knows of MLS (RFC 9420). Nothing outside this folder imports ts-mls, so the library
 * stays replaceable. A Room is an immutable value: every operation returns a new one, and a refused one leaves the
 * old as it was. Bodies going in and out are complete record bodies: padded, and sealed again under an exporter key,
 * so that the relay sees no MLS framing.
 */
import type { HubId, MailboxId, PostVerifyKey, Signature } from '#shared/ids.ts';

/** X-Wing is the default (post-quantum hybrid); the classical suite is RFC 9420's 0x0003. */
export type Suite = 'xwing' | 'classical';

/** An Ed25519 key pair; `signKey` is whatever the provider signs with and is only ever handed back to it. */
export interface SigningKeys {
  readonly verifyKey: Uint8Array;
  readonly signKey: Uint8Array;
}

/** A leaf of the tree: somebody's device. `credential` is the encoded thicket.content.v1.Credential. */
export interface Leaf {
  readonly index: number;
  readonly credential: Uint8Array;
  readonly leafKey: Uint8Array;
}

/** Opaque outside this folder but for these facts. */
export interface Room {
  readonly suite: Suite;
  readonly epoch: number;
  readonly ownLeaf: number;
  readonly leaves: readonly Leaf[];
  /** Encoded thicket.content.v1.RoomSettings, from group context extension 0xF711. */
  readonly settings: Uint8Array;
  /** False once a commit removed this device; nothing can be sent or opened any more. */
  readonly active: boolean;
}

/** What a commit would do, worked out by comparing the old tree with the new one, never by trusting its proposals. */
export interface RoomChange {
  readonly committer: Leaf;
  readonly added: readonly Leaf[];
  readonly removed: readonly Leaf[];
  /** Leaves that stay at their index with another key or credential; the committer's own is here when it has a path. */
  readonly replaced: readonly { readonly before: Leaf; readonly after: Leaf }[];
  readonly settingsBefore: Uint8Array;
  readonly settingsAfter: Uint8Array;
}

/** The rules of the domain, asked before a new state is adopted. A string is the reason to refuse. */
export interface Judge {
  /** May this leaf be in this room at all? Asked for every leaf on joining, and for every added or replaced one. */
  leaf(leaf: Leaf): string | undefined;
  /** May this committer make this change? */
  change(change: RoomChange): string | undefined;
}

/** A room entered through a Welcome. */
export interface Joined {
  readonly room: Room;
  /** Whose key signed the Welcome's GroupInfo: whoever added this device. One of the room's leaves. */
  readonly signer: Leaf;
}

export interface OwnKeyPackage {
  /** The public part, as other devices get it. */
  readonly keyPackage: Uint8Array;
  /** The private part, encoded; a secret for the vault. */
  readonly secret: Uint8Array;
  /** 8 bytes; a drop for this key package begins with them. */
  readonly tag: Uint8Array;
}

/** A commit of our own, not yet accepted by the relay. Adopt `next` only when the log shows `body`. */
export interface PendingCommit {
  readonly body: Uint8Array;
  readonly next: Room;
  /** One MLS Welcome for each added key package, in their order, each with that newcomer's secrets only. Not yet sealed:
   *  they travel inside a drop (`sealDrop`). */
  readonly welcomes: readonly Uint8Array[];
}

export type Opened =
  | { readonly kind: 'message'; readonly sender: Leaf; readonly content: Uint8Array; readonly next: Room }
  | { readonly kind: 'commit'; readonly change: RoomChange; readonly next: Room }
  /** Not adopted; the room goes on as it was. `by` is undefined where nothing authentic could be read. */
  | { readonly kind: 'refused'; readonly why: RefusedWhy; readonly reason: string; readonly by: Leaf | undefined };

/** `unreadable`: not made with this room's keys (or for another epoch, or a copy of one already opened);
 *  `judged`: authentic, but against the rules; `forbidden-kind`: proposals and external commits, never accepted. */
export type RefusedWhy = 'unreadable' | 'judged' | 'forbidden-kind';

/** The key that may post into the room's mailbox in this epoch. */
export interface PostKey {
  readonly verifyKey: PostVerifyKey;
  sign(message: Uint8Array): Signature;
}

export interface Mls {
  newKeyPackage(suite: Suite, credential: Uint8Array, keys: SigningKeys, notAfterDays: number): Promise<OwnKeyPackage>;
  /** Parses and checks a key package from somebody (signature, suite, lifetime, capabilities).
   *  @returns its leaf (index -1), or undefined if it is not valid. */
  inspectKeyPackage(keyPackage: Uint8Array): Promise<{ suite: Suite; leaf: Leaf; tag: Uint8Array } | undefined>;

  create(suite: Suite, mailbox: MailboxId, own: OwnKeyPackage, settings: Uint8Array): Promise<Room>;
  /** @throws MlsFailure `unreadable-welcome` | `judged` | `foreign-welcome` (settings without this mailbox or hub) */
  join(welcome: Uint8Array, own: OwnKeyPackage, expected: { mailbox: MailboxId; hub: HubId }, judge: Judge): Promise<Joined>;

  /** Seals an encoded WelcomeDrop to a key package's init key and pads it: tag (8) || HPKE enc || ciphertext, exactly one
   *  of HANDSHAKE_BODY_SIZES. */
  sealDrop(keyPackage: Uint8Array, content: Uint8Array): Promise<Uint8Array>;
  /** @returns undefined if it was not sealed to this key package. */
  openDrop(own: OwnKeyPackage, body: Uint8Array): Promise<Uint8Array | undefined>;

  /** One kind of change per commit. @throws MlsFailure `invalid-key-package` */
  add(room: Room, keyPackages: readonly Uint8Array[]): Promise<PendingCommit>;
  remove(room: Room, leaves: readonly number[]): Promise<PendingCommit>;
  update(room: Room): Promise<PendingCommit>;
  changeSettings(room: Room, settings: Uint8Array): Promise<PendingCommit>;

  /** @throws MlsFailure `too-long` if the padded content is larger than the largest post body. */
  encrypt(room: Room, content: Uint8Array): Promise<{ body: Uint8Array; next: Room }>;
  /** Opens a post or a commit of somebody else. Never throws for what comes from outside. */
  open(room: Room, kind: 'post' | 'commit', body: Uint8Array, judge: Judge): Promise<Opened>;

  /** Derived from the exporter (label, mailbox): every current member has it, a removed one has not. */
  postKey(room: Room): Promise<PostKey>;
  /** RFC 9420 section 8.5. */
  exportSecret(room: Room, label: string, context: Uint8Array, length: number): Promise<Uint8Array>;

  /** For the vault. The tree is apart because it is large and changes only with commits. */
  encode(room: Room): { tree: Uint8Array; state: Uint8Array };
  decode(encoded: { tree: Uint8Array; state: Uint8Array }): Room;
}

export type MlsFailureCode =
  | 'unreadable-welcome' | 'foreign-welcome' | 'judged' | 'invalid-key-package' | 'too-long' | 'not-active' | 'unreadable-state';

export class MlsFailure extends Error {
  readonly code: MlsFailureCode;
  constructor(code: MlsFailureCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.name = 'MlsFailure';
    this.code = code;
  }
}
