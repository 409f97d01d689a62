/**
 * The unlocked device: everything the vault holds that the engine works on, in memory, and the one way to change it.
 * `change` runs one piece of work at a time on a Draft; what the draft collected is written as one vault transaction,
 * and only then becomes what the device is. A failure leaves both as they were.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { generationAt, shardIn } from '#shared/generations.ts';
import { hubId, passId, secret32, type HubId, type MailboxId, type ShardIndex, type Week } from '#shared/ids.ts';
import { OutboxItemSchema, ProfileSchema, StoredDeviceSchema, StoredDraftSchema, StoredInvitationSchema, StoredKeyPackageSchema, StoredPostageSchema,
  type OutboxItem, type Profile, type StoredBoard, type StoredDevice, type StoredDraft, type StoredInvitation, type StoredKeyPackage, type StoredPostage } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { OwnVerifiedSchema, type OwnVerified, CredentialSchema, SignedSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { followBulletins, type Bulletin, type BulletinTools } from '../domain/bulletin.ts';
import { readCard, type Card } from '../domain/people.ts';
import { sameBytes, type Signer } from '../domain/signing.ts';
import type { Mls, SigningKeys } from '../mls/port.ts';
import type { Pass, Relay, TokenKind } from '../relay/port.ts';
import { isGatewayConfig } from '#shared/ohttp/key-config.ts';
import { ed25519KeyPair, ed25519Sign, ed25519Verify, hex, sha256 } from '#shared/sodium.ts';
import type { Vault } from '../vault/port.ts';
import { alarmFrom, type KnownAlarm } from './alarms.ts';
import { SessionFailure, type Connection, type SessionEvent } from './api.ts';
import type { Draft } from './draft.ts';
import { DraftQueue } from './draft-queue.ts';
import { latestKeys } from './history.ts';
import { FIRST_LAYOUT, layoutFrom, newestIn, type Layout } from './layout.ts';
import { Memory } from './memory.ts';
import { afterReading } from './first-reading.ts';
import type { Pace } from './pace.ts';
import { loadLooks, type Look } from './profiles/profiles.ts';
import { Replacements } from './replacements.ts';
import { Integrity } from './repair/integrity.ts';
import { Renewals } from './repair/renewals.ts';
import { readersFrom, type Readers } from './talk/readers.ts';
import { Typists } from './talk/typists.ts';
import { Versioned } from './versioned.ts';
import { readRoom, type RoomState } from './room-state.ts';
import { loadUnindexed, newIndexState } from './unindexed.ts';
import { loadBoards } from './boards/board-state.ts';
import { signerFrom } from './signer.ts';
import { Waiting } from './waiting.ts';

export const BULLETIN_TOOLS: BulletinTools = { verify: ed25519Verify, sha256, isGateway: isGatewayConfig };

/** Of each room's latest messages, after a start; those before are looked up. */
const REMEMBERED = 512;

export interface DeviceDeps {
  readonly vault: Vault;
  readonly mls: Mls;
  readonly relayAt: (origin: string) => Relay;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly emit: (event: SessionEvent) => void;
  readonly pace: Pace;
}

export interface Wake {
  outbox(): void;
  /** What was queued may leave, a while from now. */
  queued(): void;
  /** Commits that were not taken yet. */
  changes(): void;
  keyPackages(): void;
  backlog(): void;
  replanting(): void;
  /** Somebody who came back is to be brought into the rooms. */
  returning(): void;
  bulletins(): void;
  rollback(): void;
  /** Something of this scope is to be indexed. */
  index(scope: string): void;
  /** This person's other devices: into rooms, or out of them. */
  siblings(): void;
  /** Rooms whose keys a copy of this device may have. */
  renewing(): void;
  /** Files of messages that were deleted. */
  withdrawing(): void;
  /** Something is to be done for a board. */
  boards(): void;
  /** Somebody wants to leave a room. */
  leavers(): void;
  /** Something will be gone, or may be due. */
  vanishing(): void;
}

export class Device {
  readonly vault: Vault;
  readonly mls: Mls;
  readonly relay: Relay;
  readonly now: () => number;
  readonly emit: (event: SessionEvent) => void;
  readonly pace: Pace;
  readonly replacements: Replacements;

  profile: Profile;
  #bulletin: Bulletin | undefined;
  /** False while the neighbour hub that posts go through brings no answers. */
  neighbourAnswers = true;
  readonly rooms = new Map<string, RoomState>();
  readonly people = new Versioned<string, Card>();
  readonly outbox = new Map<number, OutboxItem>();
  readonly keyPackages = new Map<string, StoredKeyPackage>();
  readonly invitations = new Map<string, StoredInvitation>();
  /** This person's, this one among them once there are several, and those that were removed. */
  readonly devices = new Map<string, StoredDevice>();
  readonly cursors = new Map<number, number>();
  /** With whom the safety phrase was compared, by member. */
  readonly verified = new Map<string, OwnVerified>();
  readonly alarms = new Map<string, KnownAlarm>();
  /** Tokens, and draws under way. */
  readonly postage = new Map<number, StoredPostage>();
  /** The highest place of an item in each room, its threads among it. */
  readonly lastPlaces = new Map<string, number>();
  /** Scopes of messages with something that the search index does not hold. */
  readonly unindexed = new Map<string, string>();
  readonly index = newIndexState();
  /** What the person began to write, by the scope it is for. */
  readonly begun = new Map<string, StoredDraft>();
  /** How far people say to have read, by room. */
  readonly readers = new Map<string, Readers>();
  /** What this person is to each board, by its id. */
  readonly boards = new Map<string, StoredBoard>();
  /** Where what was taken from boards stands, by board and id (boards/announcements.ts). */
  readonly announcementSeqs = new Map<string, number>();
  readonly typists = new Typists(this);
  /** How people look in rooms, by room and member. */
  readonly looks = new Versioned<string, Look>();
  /** Bodies already dealt with, so that a copy injected by the relay is nothing new. */
  readonly seenBodies = new Memory(1024);
  /** Ids of messages already in the vault: the same one never shows twice. */
  readonly messageIds = new Memory(2048);
  readonly integrity = new Integrity();
  /** Who renews keys, and nothing else, again and again. */
  readonly renewals = new Renewals();
  readonly waiting = new Waiting();
  /** Set by whoever runs the background work; called when there is some. */
  wake: Wake = { outbox: () => undefined, queued: () => undefined, changes: () => undefined, keyPackages: () => undefined, backlog: () => undefined, replanting: () => undefined, returning: () => undefined, bulletins: () => undefined, rollback: () => undefined, index: () => undefined, siblings: () => undefined, renewing: () => undefined, withdrawing: () => undefined, boards: () => undefined, leavers: () => undefined, vanishing: () => undefined };
  /** Rooms that are to get new keys of this device. */
  readonly toRenew = new Set<string>();
  /** The shards of the log; undefined until the hub has told of them. */
  told: Layout | undefined;
  /** Tokens that were taken for a request nothing in the vault stands for, by what it is. */
  readonly postageFor = new Map<string, Uint8Array>();
  /** What a pass may draw in a week, as the relay said last. */
  allowance: Readonly<Record<TokenKind, number>> = { postage: 0, ticket: 0 };
  /** The week by the relay's account, once it refused another. */
  relayWeek: Week | undefined;
  /** Draws until so many tokens are there; set by whoever runs the background work. @throws SessionFailure `no-postage` | `no-tickets` */
  restock: (kind: TokenKind, count: number) => Promise<void> = async () => { throw new SessionFailure('no-postage'); };
  /** Resolves once the log was read after the unlock; set by whoever runs the background work. */
  read: () => Promise<void> = async () => undefined;
  connection: Connection = 'connecting';
  catchUp: { done: number; total: number } | undefined;

  readonly hub: HubId;
  readonly leafKeys: SigningKeys;
  #signer: { readonly seed: Uint8Array; readonly member: Signer } | undefined;
  readonly #queue = new DraftQueue(this);
  #closed = false;

  private constructor(deps: DeviceDeps, profile: Profile) {
    this.vault = deps.vault;
    this.mls = deps.mls;
    this.relay = afterReading(deps.relayAt(profile.origin), () => this.read());
    this.pace = deps.pace;
    this.replacements = new Replacements(deps.pace.replace);
    this.now = deps.now;
    this.emit = deps.emit;
    this.profile = profile;
    this.hub = hubId(profile.hub) ?? damaged();
    this.leafKeys = ed25519KeyPair(profile.leafSeed);
    void this.member;
  }

  /** Reads the whole of a vault but its messages. @throws SessionFailure `vault-damaged` */
  static async load(deps: DeviceDeps): Promise<Device> {
    const value = await deps.vault.get({ collection: 'profile', scope: '', order: 0 });
    if (value === undefined) throw new SessionFailure('vault-damaged');
    const device = new Device(deps, fromBinary(ProfileSchema, value));
    device.adoptBulletins(device.profile);
    const { vault, mls } = deps;
    for (const { scope, value: cursor } of await vault.all('cursor')) {
      device.cursors.set(Number(scope), Number(new DataView(cursor.buffer, cursor.byteOffset).getBigUint64(0)));
    }
    for (const { scope, value: signed } of await vault.all('people')) {
      const card = readCard(fromBinary(SignedSchema, signed), device.hub, ed25519Verify);
      if (card !== undefined) device.people.set(scope, card);
    }
    const own = readCard(device.profile.card, device.hub, ed25519Verify);
    if (own !== undefined) device.people.set(device.memberId, own);
    for (const { scope, value: kept } of await vault.all('verified')) device.verified.set(scope, fromBinary(OwnVerifiedSchema, kept));
    for (const { order, value: item } of await vault.all('outbox')) device.outbox.set(order, fromBinary(OutboxItemSchema, item));
    for (const { scope, value: kept } of await vault.all('key-packages')) device.keyPackages.set(scope, fromBinary(StoredKeyPackageSchema, kept));
    for (const { scope, value: invitation } of await vault.all('invitations')) {
      device.invitations.set(scope, fromBinary(StoredInvitationSchema, invitation));
    }
    for (const { scope, value: kept } of await vault.all('devices')) device.devices.set(scope, fromBinary(StoredDeviceSchema, kept));
    for (const { scope, value: readers } of await vault.all('receipts')) device.readers.set(scope, readersFrom(readers));
    for (const { scope, value: begun } of await vault.all('drafts')) device.begun.set(scope, fromBinary(StoredDraftSchema, begun));
    for (const { value: kept } of await vault.all('notices')) {
      const alarm = alarmFrom(kept);
      if (alarm !== undefined) device.alarms.set(alarm.id, alarm);
    }
    await loadUnindexed(vault, device);
    await loadLooks(vault, device.looks);
    await loadBoards(vault, device);
    const layout = await vault.get({ collection: 'settings', scope: 'log', order: 0 });
    device.told = layout && layoutFrom(layout);
    for (const { order, value: kept } of await vault.all('postage')) device.postage.set(order, fromBinary(StoredPostageSchema, kept));
    device.integrity.load(await vault.all('standing'));
    const trees = new Map((await vault.all('trees')).map(({ scope, order, value: tree }) => [`${scope}/${order}`, tree]));
    for (const { scope, value: stored } of await vault.all('rooms')) {
      const state = readRoom(mls, scope, stored, (order) => trees.get(`${scope}/${order}`));
      if (state !== undefined) device.rooms.set(scope, state);
      await device.#rememberMessages(scope);
    }
    return device;
  }

  async #rememberMessages(room: string): Promise<void> {
    const { keys, all, last } = await latestKeys(this.vault, room, REMEMBERED);
    for (const key of keys) this.messageIds.add(room, key);
    if (!all) this.messageIds.forget(room);
    const [newest] = await this.vault.range('messages', room, { newestFirst: true, limit: 1 });
    const lastPlace = Math.max(last, newest?.order ?? -1);
    if (lastPlace >= 0) this.lastPlaces.set(room, lastPlace);
  }

  /** One piece of work, one transaction. Nothing of it shows before it is durable. */
  change<T>(work: (draft: Draft) => Promise<T>): Promise<T> {
    return this.#queue.change(work);
  }

  /** One piece of a run, worked on while the one before is being written; `kept` resolves when it is durable. */
  changeAhead<T>(work: (draft: Draft) => Promise<T>): Promise<{ result: T; kept: Promise<void> }> {
    return this.#queue.changeAhead(work);
  }

  /** Waits for the work under way, then closes the vault and forgets its keys. What is asked of the relay is given up. */
  async close(): Promise<void> {
    this.relay.close?.();
    await this.#queue.alone(async () => {
      this.#closed = true;
      this.profile.memberSeed.fill(0);
      this.profile.leafSeed.fill(0);
      this.profile.hubKey.fill(0);
      this.profile.passSecret.fill(0);
      this.profile.poolSecret.fill(0);
      this.profile.founder?.rootSeed.fill(0);
      this.profile.founder?.bulletinSeed.fill(0);
      for (const own of this.keyPackages.values()) own.secret.fill(0);
      this.leafKeys.signKey.fill(0);
      await this.vault.close();
    });
  }

  adoptBulletins(profile: Profile): void {
    const followed = profile.bulletins.length === 0 ? undefined : followBulletins(profile.bulletins, this.hub, BULLETIN_TOOLS);
    if (typeof followed === 'string') throw new SessionFailure('vault-damaged');
    this.bulletin = followed;
  }

  get bulletin(): Bulletin | undefined {
    return this.#bulletin;
  }
  /** Posts go the way the bulletin says from the moment it is taken. */
  set bulletin(bulletin: Bulletin | undefined) {
    const before = this.#bulletin?.facts;
    this.#bulletin = bulletin;
    if (before !== undefined && bulletin?.facts.longestKeepS !== before.longestKeepS) this.wake.vanishing();
    const { neighbour = '', gateway = new Uint8Array(0) } = bulletin?.facts ?? {};
    if (neighbour === (before?.neighbour ?? '') && sameBytes(gateway, before?.gateway ?? new Uint8Array(0))) return;
    this.#heardOfNeighbour(true);
    this.relay.postThrough(neighbour === '' ? undefined : { origin: neighbour, gateway }, (answers) => this.#heardOfNeighbour(answers));
    this.wake.outbox();
  }

  #heardOfNeighbour(answers: boolean): void {
    if (this.neighbourAnswers === answers) return;
    this.neighbourAnswers = answers;
    this.emit({ changed: 'overview' });
  }

  /** Other tokens pay for this now. */
  replaced(purpose: string): void {
    this.replacements.replaced(purpose);
    this.emit({ changed: 'overview' });
  }

  /** What pays for this was taken. */
  paidFor(purpose: string): void {
    if (this.replacements.accepted(purpose)) this.emit({ changed: 'overview' });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Where new records of a mailbox come. */
  shardOf(mailbox: MailboxId): ShardIndex {
    return shardIn(newestIn(this.layout), mailbox);
  }

  /** The shard in which a mailbox's record of this number stands. */
  shardAt(mailbox: MailboxId, seq: number): ShardIndex {
    return shardIn(generationAt(this.layout.generations, seq), mailbox);
  }

  get layout(): Layout {
    return this.told ?? FIRST_LAYOUT;
  }

  /** This device's own leaf key, in hexadecimal. */
  get deviceId(): string {
    return hex(this.leafKeys.verifyKey);
  }

  /** The person's own. On a device that waits to be linked, one that stands in for it. */
  get member(): Signer {
    const { memberSeed } = this.profile;
    // Seeds of a closed device are zeros: whoever still holds it gets the key it had.
    if (this.#signer === undefined || (this.#signer.seed !== memberSeed && !this.#closed)) this.#signer = { seed: memberSeed, member: signerFrom(memberSeed) };
    return this.#signer.member;
  }

  get memberId(): string {
    return hex(this.member.key);
  }

  /** @throws SessionFailure `not-admitted` */
  get pass(): Pass {
    const id = passId(this.profile.passId);
    const secret = secret32(this.profile.passSecret);
    if (id === undefined || secret === undefined) throw new SessionFailure('not-admitted');
    return { id, secret };
  }

  /** @throws SessionFailure `not-admitted` */
  get constitution(): Bulletin {
    if (this.bulletin === undefined) throw new SessionFailure('not-admitted');
    return this.bulletin;
  }

  get credential(): Uint8Array {
    if (this.profile.credential === undefined) throw new SessionFailure('not-admitted');
    return toBinary(CredentialSchema, this.profile.credential);
  }
}

function damaged(): never {
  throw new SessionFailure('vault-damaged');
}
