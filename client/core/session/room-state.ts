/** A room as the engine holds it, and how the vault keeps it. Values are immutable; a change is a new value. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { mailboxId, type MailboxId, type PostVerifyKey, type Signature, type Slot } from '#shared/ids.ts';
import { Notify as StoredNotify, OwnRoomChoicesSchema, RoomSettingsSchema, type OwnRoomChoices, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { StoredRoomSchema, type Newcoming, type Planted, type StoredPast, type StoredRoom, type Stuck, type Trouble } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Mls, Room } from '../mls/port.ts';
import { blake2b, fromHex, hex } from '#shared/sodium.ts';
import type { VaultChange } from '../vault/port.ts';
import type { Notify, RoomId } from './api.ts';
import { pastOf, pastRoom } from './past-rooms.ts';

/** A commit of this device that the log has not shown yet. */
export interface Pending {
  readonly body: Uint8Array;
  readonly bodyHash: string;
  readonly slot: Slot;
  readonly next: Room;
  readonly signature: Signature;
  readonly nextVerifyKey: PostVerifyKey;
  readonly nextProof: Signature;
  readonly newcoming: readonly Newcoming[];
  /** The relay refused it. It is not sent again, and makes way for the next; should the log show it all the same, it counts. */
  readonly withdrawn: boolean;
  /** Tokens that were taken for it. */
  readonly postage: Uint8Array;
}

export interface RoomState {
  /** The same for as long as the room lives: its first mailbox. */
  readonly id: RoomId;
  /** Where it is now. */
  readonly mailbox: MailboxId;
  readonly room: Room;
  readonly pending: Pending | undefined;
  readonly readSeq: number;
  readonly unread: number;
  /** Of those unread, the ones that name this person. */
  readonly mentions: number;
  /** Unread messages in threads this person follows. */
  readonly threadsUnread: number;
  readonly threadMentions: number;
  readonly choices: RoomChoices;
  /** Records up to here were not for this device. */
  readonly joinedSeq: number;
  /** The relay knows the mailbox. */
  readonly opened: boolean;
  /** Above 0: records after this one must be read again before the room can go on. */
  readonly backlogFrom: number;
  /** Nothing can be sent or changed until the room is replanted. */
  readonly stuck: Pick<Stuck, 'by' | 'rolledBack' | 'lost' | 'decided'> | undefined;
  /** Why this device may not be able to follow the room. Nothing is done about it before the person says so. */
  readonly trouble: Pick<Trouble, 'what' | 'atMs' | 'askedMs' | 'seq'> | undefined;
  readonly planted: Pick<Planted, 'from' | 'seq' | 'without' | 'owed'> | undefined;
  /** Where the record stands that led to the present keys; 0 in a room of our own making. */
  readonly epochSeq: number;
  /** The hash of that record's body; empty where this device never saw it. */
  readonly epochBody: string;
  /** Nothing but a stranger's Welcome speaks for it yet: no record of it was opened since this device came in. */
  readonly unheard: boolean;
  /** Member keys of those who asked to be taken out and are still in, as the log has it. */
  readonly leavers: readonly Uint8Array[];
  /** This person did so here, and the log does not show it yet. */
  readonly askedToLeave: boolean;
}

/** What the person chose for a room, and when: of two devices that chose, the later one counts. */
export interface RoomChoices {
  readonly typing: boolean;
  readonly receipts: boolean;
  readonly notify: Notify;
  /** Milliseconds since 1970. */
  readonly at: number;
}
const NO_CHOICES: RoomChoices = { typing: false, receipts: false, notify: 'all', at: 0 };
const NOTIFY: Readonly<Record<Notify, StoredNotify>> = { all: StoredNotify.ALL, mentions: StoredNotify.MENTIONS, nothing: StoredNotify.NOTHING };
const notifyFrom = (stored: StoredNotify): Notify => (['all', 'mentions', 'nothing'] as const).find((one) => NOTIFY[one] === stored) ?? 'all';

export const storedChoices = ({ typing, receipts, notify, at }: RoomChoices): OwnRoomChoices =>
  create(OwnRoomChoicesSchema, { typing, receipts, notify: NOTIFY[notify], atMs: BigInt(at) });
export const choicesFrom = (stored: OwnRoomChoices): RoomChoices =>
  ({ typing: stored.typing, receipts: stored.receipts, notify: notifyFrom(stored.notify), at: Number(stored.atMs) });

/** A room as it is when this device comes into it. */
export const enteredRoom = (facts: Pick<RoomState, 'id' | 'mailbox' | 'room'> & Partial<RoomState>): RoomState =>
  ({ pending: undefined, readSeq: 0, unread: 0, mentions: 0, threadsUnread: 0, threadMentions: 0, choices: NO_CHOICES, joinedSeq: 0, opened: false, backlogFrom: 0, stuck: undefined, trouble: undefined, planted: undefined, unheard: false, leavers: [], askedToLeave: false, epochSeq: facts.joinedSeq ?? 0, epochBody: '', ...facts });

/** Messages wait while the room is stuck, and while its new group has nobody else in it yet. */
export const isHeld = ({ stuck, planted }: RoomState): boolean => stuck !== undefined || planted?.seq === 0n;

/** Its messages leave together, at the half minutes of everybody's clock. */
export const isQuiet = ({ room }: RoomState): boolean => settingsOf(room).quiet;

export const roomIdOf = (mailbox: Uint8Array): RoomId => hex(mailbox);
export const mailboxOf = (id: RoomId): MailboxId | undefined => {
  const bytes = fromHex(id);
  return bytes && mailboxId(bytes);
};
const settingsRead = new WeakMap<Uint8Array, RoomSettings>();
/** Asked of every message that comes, and the same bytes until a change. */
export function settingsOf({ settings }: Room): RoomSettings {
  const known = settingsRead.get(settings);
  if (known !== undefined) return known;
  const read = fromBinary(RoomSettingsSchema, settings);
  settingsRead.set(settings, read);
  return read;
}
/** Only this device compares them, so the quickest hash will do. */
export const bodyHash = (body: Uint8Array): string => hex(blake2b(body));

const CURRENT = 0;
const NEXT = 1;

/** What to write so that the vault holds `after` where it held `before`. The tree is written only when it changed. */
export function roomChanges(mls: Mls, before: RoomState | undefined, after: RoomState): VaultChange[] {
  const key = (collection: 'rooms' | 'trees', order: number) => ({ collection, scope: after.id, order }) as const;
  const past = pastOf(after.room);
  if (past !== undefined) return [{ put: key('rooms', CURRENT), value: toBinary(StoredRoomSchema, pastStored(after, past)) }];
  const current = mls.encode(after.room);
  const next = after.pending && mls.encode(after.pending.next);
  const changes: VaultChange[] = [];
  if (before === undefined || pastOf(before.room) !== undefined || before.room.epoch !== after.room.epoch || before.joinedSeq !== after.joinedSeq
    || before.mailbox !== after.mailbox || before.room.active !== after.room.active) {
    changes.push({ put: key('trees', CURRENT), value: current.tree });
  }
  if (next !== undefined && before?.pending !== after.pending) changes.push({ put: key('trees', NEXT), value: next.tree });
  if (next === undefined && before?.pending !== undefined) changes.push({ delete: key('trees', NEXT) });
  const { pending } = after;
  const stored = create(StoredRoomSchema, {
    state: current.state,
    active: after.room.active,
    readSeq: BigInt(after.readSeq),
    unread: after.unread,
    mentions: after.mentions,
    threadsUnread: after.threadsUnread,
    threadMentions: after.threadMentions,
    ...(after.choices !== NO_CHOICES && { choices: storedChoices(after.choices) }),
    joinedSeq: BigInt(after.joinedSeq),
    opened: after.opened,
    name: settingsOf(after.room).name,
    backlogFrom: BigInt(after.backlogFrom),
    mailbox: after.mailbox,
    unheard: after.unheard,
    leavers: [...after.leavers],
    askedToLeave: after.askedToLeave,
    epochSeq: BigInt(after.epochSeq),
    epochBody: fromHex(after.epochBody) ?? new Uint8Array(0),
    ...(after.stuck && { stuck: after.stuck }),
    ...(after.trouble && { trouble: after.trouble }),
    ...(after.planted && { planted: after.planted }),
    ...(pending && next && {
      pending: {
        body: pending.body, slot: BigInt(pending.slot), nextState: next.state, signature: pending.signature,
        nextVerifyKey: pending.nextVerifyKey, nextProof: pending.nextProof, newcoming: [...pending.newcoming], withdrawn: pending.withdrawn,
        postage: pending.postage,
      },
    }),
  });
  changes.push({ put: key('rooms', CURRENT), value: toBinary(StoredRoomSchema, stored) });
  return changes;
}

const pastStored = (after: RoomState, past: StoredPast): StoredRoom => create(StoredRoomSchema, {
  past, readSeq: BigInt(after.readSeq), unread: after.unread, joinedSeq: BigInt(after.joinedSeq), opened: true, name: settingsOf(after.room).name, mailbox: after.mailbox,
  ...(after.choices !== NO_CHOICES && { choices: storedChoices(after.choices) }),
});

/** @returns undefined if the entries do not belong to a room that can be opened */
export function readRoom(
  mls: Mls, id: RoomId, value: Uint8Array, treeAt: (order: number) => Uint8Array | undefined,
): RoomState | undefined {
  const stored = fromBinary(StoredRoomSchema, value);
  const mailbox = mailboxId(stored.mailbox) ?? mailboxOf(id);
  const then = stored.past && pastRoom(stored.past);
  if (mailbox !== undefined && then !== undefined) {
    return enteredRoom({
      id, mailbox, room: then, readSeq: Number(stored.readSeq), unread: stored.unread, joinedSeq: Number(stored.joinedSeq), opened: true,
      choices: stored.choices === undefined ? NO_CHOICES : choicesFrom(stored.choices),
    });
  }
  const tree = treeAt(CURRENT);
  if (mailbox === undefined || tree === undefined) return undefined;
  const nextTree = treeAt(NEXT);
  const pending = stored.pending && nextTree && {
    body: stored.pending.body,
    bodyHash: bodyHash(stored.pending.body),
    slot: Number(stored.pending.slot) as Slot,
    next: mls.decode({ tree: nextTree, state: stored.pending.nextState }),
    signature: stored.pending.signature as Signature,
    nextVerifyKey: stored.pending.nextVerifyKey as PostVerifyKey,
    nextProof: stored.pending.nextProof as Signature,
    newcoming: stored.pending.newcoming,
    withdrawn: stored.pending.withdrawn,
    postage: stored.pending.postage,
  };
  return {
    id,
    mailbox,
    room: mls.decode({ tree, state: stored.state }),
    pending: pending || undefined,
    readSeq: Number(stored.readSeq),
    unread: stored.unread,
    mentions: stored.mentions,
    threadsUnread: stored.threadsUnread,
    threadMentions: stored.threadMentions,
    choices: stored.choices === undefined ? NO_CHOICES : choicesFrom(stored.choices),
    joinedSeq: Number(stored.joinedSeq),
    opened: stored.opened,
    backlogFrom: Number(stored.backlogFrom),
    stuck: stored.stuck,
    trouble: stored.trouble,
    planted: stored.planted,
    unheard: stored.unheard,
    leavers: stored.leavers,
    askedToLeave: stored.askedToLeave,
    epochSeq: Number(stored.epochSeq),
    epochBody: hex(stored.epochBody),
  };
}
