/**
 * A unit of work on a device: reads see its own changes, the vault gets them all at once, the device last. One that is
 * begun while the one before is still being written stands on that one's changes.
 */
import { toBinary } from '@bufbuild/protobuf';
import { SignedSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { OutboxItemSchema, ProfileSchema, RecentRecordSchema, StoredBoardSchema, StoredDeviceSchema, StoredDraftSchema, StoredInvitationSchema, StoredKeyPackageSchema, StoredPostageSchema,
  type OutboxItem, type Profile, type RecentRecord, type StoredBoard, type StoredDevice, type StoredDraft, type StoredInvitation, type StoredItem, type StoredKeyPackage, type StoredPostage,
} from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Bulletin } from '../domain/bulletin.ts';
import type { Card } from '../domain/people.ts';
import type { VaultChange, VaultKey } from '../vault/port.ts';
import { alarmBytes, type KnownAlarm } from './alarms.ts';
import type { SessionEvent } from './api.ts';
import type { Device } from './device.ts';
import { DraftEvents } from './draft-events.ts';
import { DraftHistory } from './draft-history.ts';
import { DraftVault } from './draft-vault.ts';
import type { Look } from './profiles/profiles.ts';
import { layoutBytes, type Layout } from './layout.ts';
import { DraftMemory } from './memory.ts';
import { Overlay, refill } from './overlay.ts';
import { DraftIntegrity } from './repair/integrity.ts';
import { sameBytes } from '../domain/signing.ts';
import { utf8 } from '#shared/sodium.ts';
import { readersBytes, type Readers } from './talk/readers.ts';
import { roomChanges, roomIdOf, type RoomState } from './room-state.ts';
import { forgetMessages, markKey, toBeIndexed } from './unindexed.ts';

/** A record put aside. */
interface Recent {
  readonly shard: number;
  readonly seq: number;
  readonly record: RecentRecord;
}

export class Draft {
  readonly device: Device;
  readonly rooms: Overlay<string, RoomState>;
  readonly people: Overlay<string, Card>;
  readonly outbox: Overlay<number, OutboxItem>;
  readonly keyPackages: Overlay<string, StoredKeyPackage>;
  readonly invitations: Overlay<string, StoredInvitation>;
  readonly devices: Overlay<string, StoredDevice>;
  readonly cursors: Overlay<number, number>;
  readonly alarms: Overlay<string, KnownAlarm>;
  readonly postage: Overlay<number, StoredPostage>;
  readonly lastPlaces: Overlay<string, number>;
  /** Scopes of messages with something that the search index does not hold. */
  readonly unindexed: Overlay<string, string>;
  /** What the person began to write, by the scope it is for (talk/scopes.ts). */
  readonly begun: Overlay<string, StoredDraft>;
  /** How far people say to have read, by room. */
  readonly readers: Overlay<string, Readers>;
  /** How people look in rooms; the entries of the vault are put by profiles/. */
  readonly looks: Overlay<string, Look>;
  readonly boards: Overlay<string, StoredBoard>;
  /** As the device has it: the entries themselves are put by boards/announcements.ts. */
  readonly announcementSeqs: Overlay<string, number>;
  /** What is kept in the vault and looked up when it is needed. */
  readonly entries: DraftVault;
  readonly history: DraftHistory;
  readonly seenBodies: DraftMemory;
  readonly messageIds: DraftMemory;
  /** What is known of the log and of who said how much. */
  readonly integrity: DraftIntegrity;
  /** Set when a newer bulletin was taken. */
  bulletin: Bulletin | undefined;
  #profile: Profile | undefined;
  #layout: Layout | undefined;
  /** What the draft before has set of these. */
  readonly #under: { readonly bulletin?: Bulletin | undefined; readonly profile?: Profile | undefined; readonly layout?: Layout | undefined; readonly recent?: ReadonlyMap<string, Recent> };
  readonly #extra: VaultChange[] = [];
  readonly #recent = new Map<string, Recent>();
  readonly #events = new DraftEvents();
  readonly #afterwards: (() => void)[] = [];

  /** @param before is being written; everything it touched counts here, and should it fail, this one must not be written */
  constructor(device: Device, before?: Draft) {
    this.device = device;
    this.rooms = new Overlay(device.rooms, before?.rooms);
    this.people = new Overlay(device.people, before?.people);
    this.outbox = new Overlay(device.outbox, before?.outbox);
    this.keyPackages = new Overlay(device.keyPackages, before?.keyPackages);
    this.invitations = new Overlay(device.invitations, before?.invitations);
    this.devices = new Overlay(device.devices, before?.devices);
    this.cursors = new Overlay(device.cursors, before?.cursors);
    this.alarms = new Overlay(device.alarms, before?.alarms);
    this.postage = new Overlay(device.postage, before?.postage);
    this.lastPlaces = new Overlay(device.lastPlaces, before?.lastPlaces);
    this.unindexed = new Overlay(device.unindexed, before?.unindexed);
    this.begun = new Overlay(device.begun, before?.begun);
    this.readers = new Overlay(device.readers, before?.readers);
    this.looks = new Overlay(device.looks, before?.looks);
    this.boards = new Overlay(device.boards, before?.boards);
    this.announcementSeqs = new Overlay(device.announcementSeqs, before?.announcementSeqs);
    this.entries = new DraftVault(device.vault, before?.entries);
    this.history = new DraftHistory(device.vault, this.entries, (scope, place) => forgetMessages(this, scope, [place]));
    this.seenBodies = new DraftMemory(device.seenBodies, before?.seenBodies);
    this.messageIds = new DraftMemory(device.messageIds, before?.messageIds);
    this.integrity = new DraftIntegrity(this, device.integrity, before?.integrity);
    this.#under = before === undefined ? {} : { bulletin: before.bulletin, profile: before.#profile, layout: before.#layout, recent: before.#recent };
  }

  /** The bulletin the rules go by in this draft. */
  get constitution(): Bulletin {
    return this.bulletin ?? this.#under.bulletin ?? this.device.constitution;
  }
  get profile(): Profile {
    return this.#profile ?? this.#under.profile ?? this.device.profile;
  }
  setProfile(change: Partial<Omit<Profile, '$typeName' | '$unknown'>>): void {
    this.#profile = { ...this.profile, ...change };
  }

  get layout(): Layout {
    return this.#layout ?? this.#under.layout ?? this.device.layout;
  }
  get hasLayout(): boolean {
    return (this.#layout ?? this.#under.layout ?? this.device.told) !== undefined;
  }
  setLayout(layout: Layout): void {
    this.#layout = layout;
  }

  /** The room that is in this mailbox now. */
  roomAt(mailbox: Uint8Array): RoomState | undefined {
    const first = this.rooms.get(roomIdOf(mailbox));
    if (first !== undefined) return sameBytes(first.mailbox, mailbox) ? first : undefined;
    for (const [, state] of this.rooms.entries()) if (sameBytes(state.mailbox, mailbox)) return state;
    return undefined;
  }

  /**
   * Messages and events of a room stand at their sequence numbers. The relay gives those out and may do so twice: an item
   * never takes the place of another, but stands after all that is there, in the room and in its threads.
   * @param scope a thread, where it does not stand in the room's own timeline
   * @returns its place
   */
  putItem(room: string, seq: number, item: StoredItem, scope = room): number {
    const place = Math.max(seq, (this.lastPlaces.get(room) ?? -1) + 1);
    this.lastPlaces.set(room, place);
    this.history.add(scope, { ...item, place: BigInt(place) });
    if (item.item.case === 'message') toBeIndexed(this, scope);
    if (scope === room) this.emit({ changed: 'timeline', room });
    return place;
  }
  /** The same for a message, which is known by its key (memory.ts) from now on. */
  putMessage(room: string, seq: number, key: string, item: StoredItem, scope = room): number {
    this.messageIds.add(room, key);
    const place = this.putItem(room, seq, item, scope);
    this.history.addKey(room, key, place);
    return place;
  }

  /** Of something that is not shown as a message, and must not count twice either. It takes a place all the same. */
  putKey(room: string, seq: number, key: string): void {
    const place = Math.max(seq, (this.lastPlaces.get(room) ?? -1) + 1);
    this.lastPlaces.set(room, place);
    this.messageIds.add(room, key);
    this.history.addKey(room, key, place);
  }

  /** Something else for the same transaction. */
  also(change: VaultChange): void {
    this.#extra.push(change);
  }

  /** The next free place at the end of the outbox. */
  enqueue(item: OutboxItem): number {
    let last = 0;
    for (const [order] of this.outbox.entries()) last = Math.max(last, order);
    this.outbox.set(last + 1, item);
    this.afterwards(() => this.device.wake.outbox());
    this.afterwards(() => this.device.wake.vanishing());
    return last + 1;
  }

  putRecent(shard: number, seq: number, record: RecentRecord): void {
    this.#recent.set(`${shard}/${seq}`, { shard, seq, record });
  }
  /** Recent records that this draft has put aside, or the one before, which may not be in the vault yet. */
  recentHere(shard: number): { seq: number; record: RecentRecord }[] {
    return [...(this.#under.recent?.values() ?? []), ...this.#recent.values()].filter((entry) => entry.shard === shard);
  }
  dropRecent(shard: number, seq: number): void {
    if (!this.#recent.delete(`${shard}/${seq}`)) this.#extra.push({ delete: { collection: 'recent', scope: String(shard), order: seq } });
  }
  /** Those from `from` to `to` inclusive, which are from before this draft. */
  forgetRecent(shard: number, from: number, to: number): void {
    this.#extra.push({ deleteScope: { collection: 'recent', scope: String(shard), from, to } });
  }

  emit(event: Exclude<SessionEvent, { changed: 'transfer' }>): void {
    this.#events.add(event);
  }
  /** Runs once everything is durable. */
  afterwards(effect: () => void): void {
    this.#afterwards.push(effect);
  }

  /**
   * Does this work whole or not at all; what it throws passes on. The memories of bodies and message ids are not undone:
   * they keep copies out, and a record that was given up is not read again.
   */
  async attempt(work: () => Promise<void>): Promise<void> {
    const undo = this.#mark();
    try {
      await work();
    } catch (thrown) {
      undo();
      throw thrown;
    }
  }

  get #overlays(): readonly Pick<Overlay<never, never>, 'mark' | 'settle'>[] {
    return [
      this.integrity.counts,
      this.integrity.asks,
      this.rooms,
      this.people,
      this.outbox,
      this.keyPackages,
      this.invitations,
      this.devices,
      this.cursors,
      this.alarms,
      this.postage,
      this.lastPlaces,
      this.unindexed,
      this.begun,
      this.readers,
      this.looks,
      this.boards,
      this.announcementSeqs,
    ];
  }

  #mark(): () => void {
    const overlays = this.#overlays.map((overlay) => overlay.mark());
    const { bulletin } = this;
    const profile = this.#profile;
    const layout = this.#layout;
    const recent = new Map(this.#recent);
    const marks = [this.entries.mark(), this.#events.mark()];
    const lists = [this.#extra, this.#afterwards].map((list) => [list, list.length] as const);
    return () => {
      for (const undo of [...overlays, ...marks]) undo();
      this.bulletin = bulletin;
      this.#profile = profile;
      this.#layout = layout;
      refill(this.#recent, recent);
      for (const [list, length] of lists) list.length = length;
    };
  }

  vaultChanges(): VaultChange[] {
    this.history.finish();
    const changes: VaultChange[] = [...this.#extra, ...this.entries.changes(), ...this.integrity.changes()];
    if (this.#profile) changes.push({ put: { collection: 'profile', scope: '', order: 0 }, value: toBinary(ProfileSchema, this.#profile) });
    if (this.#layout) changes.push({ put: { collection: 'settings', scope: 'log', order: 0 }, value: layoutBytes(this.#layout) });
    for (const [id, state] of this.rooms.touched) {
      if (state !== undefined) changes.push(...roomChanges(this.device.mls, this.rooms.before(id), state));
      else changes.push({ deleteScope: { collection: 'rooms', scope: id } }, { deleteScope: { collection: 'trees', scope: id } });
    }
    const put = <K, V>(overlay: Overlay<K, V>, keyOf: (key: K) => VaultKey, encode: (value: V) => Uint8Array) => {
      for (const [key, value] of overlay.touched) {
        changes.push(value === undefined ? { delete: keyOf(key) } : { put: keyOf(key), value: encode(value) });
      }
    };
    put(this.people, (scope) => ({ collection: 'people', scope, order: 0 }), (card) => toBinary(SignedSchema, card.signed));
    put(this.outbox, (order) => ({ collection: 'outbox', scope: '', order }), (item) => toBinary(OutboxItemSchema, item));
    put(this.keyPackages, (scope) => ({ collection: 'key-packages', scope, order: 0 }), (own) => toBinary(StoredKeyPackageSchema, own));
    put(this.invitations, (scope) => ({ collection: 'invitations', scope, order: 0 }), (item) => toBinary(StoredInvitationSchema, item));
    put(this.devices, (scope) => ({ collection: 'devices', scope, order: 0 }), (item) => toBinary(StoredDeviceSchema, item));
    put(this.alarms, (scope) => ({ collection: 'notices', scope, order: 0 }), alarmBytes);
    put(this.postage, (order) => ({ collection: 'postage', scope: '', order }), (item) => toBinary(StoredPostageSchema, item));
    put(this.unindexed, markKey, utf8);
    put(this.begun, (scope) => ({ collection: 'drafts', scope, order: 0 }), (begun) => toBinary(StoredDraftSchema, begun));
    put(this.boards, (scope) => ({ collection: 'boards', scope, order: 0 }), (board) => toBinary(StoredBoardSchema, board));
    put(this.readers, (scope) => ({ collection: 'receipts', scope, order: 0 }), readersBytes);
    put(this.cursors, (shard) => ({ collection: 'cursor', scope: String(shard), order: 0 }), uint64);
    for (const { shard, seq, record } of this.#recent.values()) {
      changes.push({ put: { collection: 'recent', scope: String(shard), order: seq }, value: toBinary(RecentRecordSchema, record) });
    }
    return changes;
  }

  settle(): void {
    if (this.#profile) this.device.profile = this.#profile;
    if (this.#layout) this.device.told = this.#layout;
    if (this.bulletin) this.device.bulletin = this.bulletin;
    for (const overlay of this.#overlays) overlay.settle();
    this.integrity.settle();
    this.seenBodies.settle();
    this.messageIds.settle();
    for (const effect of this.#afterwards) effect();
    for (const event of this.#events.all()) this.device.emit(event);
  }
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
