/**
 * The use cases, as the web client and the command line see them. Everything here survives structured cloning, so the
 * engine can live in a worker. A call that fails rejects with a SessionFailure, whose code the interface translates.
 *
 * Ids are hex strings: RoomId is the mailbox, MemberId the member key; a fingerprint is the first 8 hex digits of
 * SHA-256 of the member key, shown in two groups of four.
 */
import type { RepairCalls, RoomHealth } from './api/repair.ts';
import type { FileCalls, TransferId } from './api/files.ts';
import type { DeviceCalls } from './api/devices.ts';
import type { RoomCalls, RoomEvent, RoomMember, RoomRules } from './api/rooms.ts';
import type { SearchCalls } from './api/search.ts';
import type { BackupCalls } from './api/backup.ts';
import type { BoardCalls, BoardId } from './api/boards.ts';
import type { Verified, VerifyCalls } from './api/verify.ts';
import type { MessageItem, MessagePlace, Notify, TalkCalls } from './api/talk.ts';

export type RoomId = string;
export type MemberId = string;
export type RequestId = string;
export type MessageId = string;

export type SessionStage =
  /** No vault on this device. */
  | 'empty'
  | 'locked'
  /** Joined by link, waiting for the inviter to compare the phrase. */
  | 'waiting'
  | 'open';

export type Connection = 'connecting' | 'catching-up' | 'online' | 'offline';

export interface Overview {
  readonly stage: SessionStage;
  readonly connection: Connection;
  /** Set while catching up: records read of records to read. */
  readonly catchUp: { readonly done: number; readonly total: number } | undefined;
  readonly hubName: string | undefined;
  readonly me: Person | undefined;
  readonly mayInvite: boolean;
  /** Host of the neighbour hub that everything anonymous goes through, posts above all; undefined: straight to the hub. */
  readonly postsThrough: string | undefined;
  /** The neighbour hub brings no answers: what is to be sent waits for it, and takes no other way. */
  readonly waitingForNeighbour: boolean;
  /** Let in a moment ago: a pause by chance, and then the hub knows this device. Nothing can be read before. */
  readonly entering: boolean;
  /** This device may say which way posts go. */
  readonly maySetNeighbour: boolean;
  /** Set in stage `waiting`. */
  readonly phrase: readonly string[] | undefined;
  /** In stage `waiting`, when the inviter said no, the invitation is over, or somebody else claimed it. */
  readonly joinProblem: SessionFailureCode | undefined;
  /** In stage `waiting`: what was asked for is to be another device of somebody who is a member. */
  readonly linking: boolean;
  /** In stage `waiting`: this is somebody's device already, and asks to be let into their rooms again. */
  readonly returning: boolean;
  /** Rooms that another device of this person is bringing this one into; undefined: all are here. */
  readonly arriving: { readonly done: number; readonly total: number } | undefined;
  /** Another device of this person removed this one: it reads nothing new. */
  readonly removedHere: boolean;
  /** Undefined until this device is a member. */
  readonly postage: PostageState | undefined;
  /** What somebody has to know about their hub, until they say that they do. */
  readonly alarms: readonly Alarm[];
}

/** What this device may still send this week. */
export interface PostageState {
  /** Tokens at hand and still to be drawn this week. */
  readonly left: number;
  /** Something cannot leave before there is more. */
  readonly waiting: boolean;
  /** Something leaves after a pause by chance, so that its time tells the relay less. */
  readonly soon: boolean;
  /** When the next week's begins, milliseconds since 1970. */
  readonly renewsAt: number;
  /** Why nothing is drawn: the relay does not use the hub's own key, or its week is not the one this device's clock says. */
  readonly problem: 'other-key' | 'other-week' | undefined;
}

export interface Alarm {
  readonly id: string;
  readonly what: AlarmKind;
  /** Whose messages show it. */
  readonly by?: Person | undefined;
}
export type AlarmKind =
  /** The hub was set back to an older copy. */
  | 'rolled-back'
  /** The hub has shown this device and somebody else different things. */
  | 'forked'
  /** Messages of somebody came in another order than they were sent in. */
  | 'reordered'
  /** The log has messages of this very device that it does not know: its data was set back, or a copy of it is in use. */
  | 'own-copy'
  /** The hub hands out postage under another key than its bulletin names. */
  | 'other-issuer-key';

export interface Person {
  readonly id: MemberId;
  readonly name: string;
  readonly fingerprint: string;
  /** Set where two people in view share a name: show the fingerprint with it. */
  readonly ambiguous: boolean;
  readonly isMe: boolean;
  /** Whether the safety phrase was compared with them; undefined: it was not. */
  readonly verified?: Verified | undefined;
  /** As they chose to look in the room they are shown in: 1 to 12; undefined: by their key. */
  readonly colour?: number | undefined;
  /** `picture` has it. The version tells one from another. */
  readonly picture?: { readonly room: RoomId; readonly version: string } | undefined;
}

export interface RoomSummary extends RoomRules {
  readonly id: RoomId;
  readonly name: string;
  readonly people: number;
  readonly unread: number;
  /** Seq up to which its own timeline was read, here or on another device of this person. */
  readonly readTo: number;
  /** Unread messages that name this person, or everybody, threads among them. */
  readonly mentions: number;
  /** Unread messages in threads this person follows. */
  readonly threadsUnread: number;
  readonly notify: Notify;
  /** What was begun here and not sent. */
  readonly draft: string | undefined;
  /** False where only admins and moderators write, and this person is neither. */
  readonly mayWrite: boolean;
  readonly health: RoomHealth;
  /** True where this device may add and remove people. */
  readonly admin: boolean;
  /** Messages leave together every half minute, so that timing tells less. */
  readonly quiet: boolean;
  /** False after being removed, and for a room that cannot be read on: it is a read-only past. */
  readonly active: boolean;
  /** People of this room whose safety phrase was compared, and a device of theirs came since that was not. */
  readonly changed: readonly Person[];
  /** Known from a backup or from another device of this person, and this device is not in it yet. */
  readonly away: boolean;
  /** This person asked to be taken out, and is not yet: it is past for them already. */
  readonly leaving: boolean;
  readonly last: { readonly sender: string; readonly text: string; readonly at: number } | undefined;
}

export type * from './api/files.ts';
export type * from './api/devices.ts';
export type * from './api/rooms.ts';
export type * from './api/search.ts';
export type * from './api/repair.ts';
export type * from './api/backup.ts';
export type * from './api/boards.ts';
export type * from './api/verify.ts';
export type * from './api/talk.ts';

export type TimelineItem =
  | MessageItem
  | {
      /** Something that happened to the room, from signed state: who came, who went, what was refused. */
      readonly kind: 'event';
      readonly id: string;
      readonly seq: number;
      readonly event: RoomEvent;
    };

export interface JoinRequest {
  readonly id: RequestId;
  readonly name: string;
  readonly phrase: readonly string[];
  /** Somebody else tried the same link as well: compare the phrase with special care. */
  readonly contested: boolean;
  /** Somebody this device knows, who comes back with a new device; admitting them brings it into the rooms this person looks after. */
  readonly returning: Person | undefined;
  /** People this device knows by the same name: perhaps one of them, who has lost every device and has no backup. */
  readonly perhaps: readonly Person[];
}

export interface OpenInvitation {
  readonly id: RequestId;
  readonly link: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface TimelinePage {
  readonly items: readonly TimelineItem[];
  /** Older items exist; with `after`, newer ones. */
  readonly more: boolean;
}

/** Something changed; read it again. `timeline` names the room and, where it is a thread's, the id of the message above it. */
export type SessionEvent =
  | { readonly changed: 'overview' | 'rooms' | 'people' | 'requests' | 'devices' }
  | { readonly changed: 'timeline'; readonly room: RoomId; readonly thread?: MessageId | undefined }
  /** Of these messages something is different: `itemsAt` has them. `thread`: the id of the message above them, where they stand in one. */
  | { readonly changed: 'messages'; readonly room: RoomId; readonly seqs: readonly number[]; readonly thread?: MessageId | undefined }
  | { readonly changed: 'threads' | 'bookmarks' }
  /** More of what is on this device can be found, or all of it: `searchState`. */
  | { readonly changed: 'search' }
  | { readonly changed: 'pins' | 'typing' | 'repair' | 'files-under-way'; readonly room: RoomId }
  /** Which boards there are, or what one of them is to this person. */
  | { readonly changed: 'boards' }
  /** What is announced on a board, or what coordinators have before them there. */
  | { readonly changed: 'announcements' | 'desk'; readonly board: BoardId }
  /** Of a file's bytes, so many have been sent or saved. */
  | { readonly changed: 'transfer'; readonly transfer: TransferId; readonly done: number; readonly total: number };

/** Each area of use has its calls in a file of api/. */
export interface Session extends BackupCalls, BoardCalls, VerifyCalls, TalkCalls, FileCalls, DeviceCalls, SearchCalls, RepairCalls, RoomCalls {
  overview(): Promise<Overview>;
  subscribe(listener: (event: SessionEvent) => void): () => void;

  /** `link` is the whole founding link. Makes the vault, the hub's root key and the first member. */
  found(link: string, options: { name: string; hubName?: string; passphrase: string }): Promise<void>;
  /** Makes the vault and claims the invitation; stage becomes `waiting`, the phrase is in the overview. */
  join(link: string, options: { name: string; passphrase: string }): Promise<{ phrase: readonly string[] }>;
  unlock(passphrase: string): Promise<void>;
  /** Forgets every key; the vault stays. */
  lock(): Promise<void>;
  /** Deletes the vault from this device. */
  erase(): Promise<void>;

  invite(): Promise<OpenInvitation>;
  invitations(): Promise<readonly OpenInvitation[]>;
  /** Newcomers waiting, after asking the relay. */
  requests(): Promise<readonly JoinRequest[]>;
  /**
   * `phrase` is what the newcomer read out; words in any case, spaces or hyphens between. `as`: this is that person again, with
   * nothing of what they had: they take that one's place in the rooms this person looks after, under their new key.
   * @throws SessionFailure `unknown-request` | `unknown-member` | `phrase-differs` | `not-allowed`
   */
  admit(request: RequestId, phrase: string, as?: MemberId): Promise<void>;
  refuse(request: RequestId): Promise<void>;

  people(): Promise<readonly Person[]>;
  rooms(): Promise<readonly RoomSummary[]>;
  createRoom(name: string, options?: { suite?: 'xwing' | 'classical' }): Promise<RoomId>;
  members(room: RoomId): Promise<readonly RoomMember[]>;
  /** Resolves when the change is in the log. */
  addMember(room: RoomId, member: MemberId): Promise<void>;
  removeMember(room: RoomId, member: MemberId): Promise<void>;

  /** New keys for this device's own place in the room. */
  renewKeys(room: RoomId): Promise<void>;
  /** Lets a member add and remove people, or takes that back. */
  setAdmin(room: RoomId, member: MemberId, admin: boolean): Promise<void>;
  /** An admin: messages of this room leave together every half minute, or each at once. */
  setQuiet(room: RoomId, quiet: boolean): Promise<void>;

  /** Resolves when the relay has acknowledged the message. */
  delivered(room: RoomId, message: MessageId): Promise<{ seq: number }>;
  retry(room: RoomId, message: MessageId): Promise<void>;
  /** Newest last. `before` or `after` is a seq; without either the newest, with what is still sending at the end. */
  timeline(room: RoomId, options?: { before?: number; after?: number; limit?: number; thread?: MessagePlace }): Promise<TimelinePage>;
  /** Items above `since`, oldest first. */
  timelineSince(room: RoomId, since: number, thread?: MessagePlace): Promise<readonly TimelineItem[]>;
  markRead(room: RoomId): Promise<void>;

  /** The person has understood this alarm: it is not shown again. */
  dismissAlarm(id: string): Promise<void>;

  /**
   * A steward: posts of the whole hub go through this hub from now on, given by its address, or, with undefined, straight.
   * Resolves once it has been tried out and stands in the bulletin of this device.
   */
  setNeighbour(address: string | undefined): Promise<void>;
  /** The neighbour that the operator of this hub named, if any: the only one browsers could reach. */
  offeredNeighbour(): Promise<string | undefined>;
  /**
   * A steward: where the hub has more than 16 shards but not more than this (at most 256), devices may read only some of
   * them, which tells the relay more. 16 takes it back.
   */
  setMostShards(shards: number): Promise<void>;

  /** Resolves when everything in the log at the time of the call has been read. */
  catchUp(): Promise<void>;
  /** The network came back: try again now. */
  nudge(): Promise<void>;
  /** Stops without forgetting the vault on disk. */
  close(): Promise<void>;
}

export type SessionFailureCode =
  | 'bad-link' | 'link-used' | 'link-expired' | 'link-of-other-hub' | 'already-founded' | 'not-founded'
  | 'bad-name' | 'weak-passphrase' | 'wrong-passphrase' | 'vault-exists' | 'no-vault' | 'vault-damaged' | 'vault-in-use' | 'vault-newer'
  | 'device-full' | 'device-storage' | 'no-postage' | 'no-tickets'
  | 'last-admin' | 'bad-span' | 'bad-picture' | 'room-active' | 'still-leaving'
  | 'locked' | 'not-admitted' | 'refused' | 'somebody-else-claimed'
  | 'not-allowed' | 'phrase-differs' | 'unknown-request' | 'unknown-room' | 'unknown-member' | 'ambiguous-member'
  | 'already-member' | 'not-a-member' | 'room-inactive' | 'member-unreachable' | 'bad-key-package' | 'message-too-long' | 'message-empty'
  | 'unknown-file' | 'file-gone' | 'file-damaged' | 'file-too-large' | 'file-unreadable' | 'file-unwritable' | 'cancelled'
  | 'unknown-device' | 'too-many-devices' | 'not-yet'
  | 'unknown-board' | 'unknown-announcement' | 'bad-announcement'
  | 'bad-address' | 'neighbour-not-named' | 'neighbour-refuses' | 'neighbour-offline'
  | 'archive-damaged' | 'archive-newer' | 'archive-of-another' | 'not-a-backup' | 'wrong-recovery-phrase' | 'bad-recovery-phrase' | 'restore-cut-short'
  | 'offline' | 'relay-busy' | 'relay-full' | 'relay-refused' | 'timeout' | 'internal';

export class SessionFailure extends Error {
  readonly code: SessionFailureCode;
  constructor(code: SessionFailureCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'SessionFailure';
    this.code = code;
  }
}
