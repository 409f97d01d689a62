/** Conversation: what is said in rooms, what is said about it, and what a person has seen of it. */
import type { MemberId, MessageId, Person, RoomId, SharedFile } from '../api.ts';

export type MessageState = 'sending' | 'sent' | 'failed';

/** Names a message of a room: the `place` of an item, passed on as it is. `seq` is where this device has it. */
export interface MessagePlace {
  readonly id: MessageId;
  readonly sender: MemberId;
  readonly seq: number;
  /** Set where it stands in a thread: the message above. Nothing is found in a thread without it. */
  readonly thread?: MessagePlace | undefined;
}

/** A stretch of a text that names somebody, in UTF-16 units; without a person: everybody in the room. */
export interface Mention {
  readonly start: number;
  readonly length: number;
  readonly person: Person | undefined;
}
export interface OutgoingMention {
  readonly start: number;
  readonly length: number;
  /** Undefined: everybody in the room. */
  readonly member: MemberId | undefined;
}
/** Text with light marks as docs/protocol/content.md has them: the interface parses them to nodes, nobody to HTML. */
export interface OutgoingText {
  readonly text: string;
  readonly mentions?: readonly OutgoingMention[] | undefined;
  readonly replyTo?: MessagePlace | undefined;
  /** The message whose thread it goes to. */
  readonly thread?: MessagePlace | undefined;
}

/** What a message answers, as far as this device has it. */
export interface Quote {
  readonly place: MessagePlace;
  readonly sender: Person;
  /** Undefined: not on this device, deleted, or gone. */
  readonly text: string | undefined;
  readonly file: SharedFile | undefined;
}
export interface ReactionCount {
  readonly emoji: string;
  readonly people: readonly Person[];
  readonly mine: boolean;
}
/** The thread under a message. */
export interface ThreadState {
  readonly replies: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
  /** The last few who wrote, newest first. */
  readonly writers: readonly Person[];
  readonly followed: boolean;
  /** Seq up to which it was read. */
  readonly readTo: number;
  readonly unread: number;
  readonly mentions: number;
}

export interface MessageItem {
  readonly kind: 'message';
  readonly id: MessageId;
  /** Position in the log; undefined while sending. */
  readonly seq: number | undefined;
  /** What every call about this message takes; undefined while it has no `seq`. */
  readonly place: MessagePlace | undefined;
  readonly sender: Person;
  /** Milliseconds since 1970 by the sender's clock. */
  readonly at: number;
  /** Empty where the message is a file without a caption, and where it was deleted. */
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** It names this person, or everybody. */
  readonly namesMe: boolean;
  /** Set where the message is a file, which saveFile fetches. */
  readonly file?: SharedFile | undefined;
  readonly state: MessageState;
  readonly replyTo?: Quote | undefined;
  readonly thread?: ThreadState | undefined;
  readonly reactions: readonly ReactionCount[];
  /** It was changed after it was sent: `versions` tells how. */
  readonly edited: boolean;
  /** Deleted for everybody, by this person: there is nothing more to show. */
  readonly deletedBy?: Person | undefined;
  readonly pinned: boolean;
  readonly bookmarked: boolean;
  readonly forwarded: boolean;
  /** Milliseconds since 1970 at which it is gone; undefined: it stays. */
  readonly vanishesAt?: number | undefined;
  /** Of a message of one's own: who of the others says to have read this far; only where both sides share it. */
  readonly readBy: readonly Person[];
  readonly may: MayDo;
}
export interface MayDo {
  readonly edit: boolean;
  /** For everybody. */
  readonly delete: boolean;
  readonly pin: boolean;
}

export interface MessageVersion {
  readonly text: string;
  readonly mentions: readonly Mention[];
  readonly at: number;
}
/** A thread this person follows. */
export interface ThreadSummary extends ThreadState {
  readonly room: RoomId;
  /** The message above it, as the timeline has it. */
  readonly root: MessageItem;
}
/** A message out of its place: pinned, bookmarked, found. */
export interface PlacedMessage {
  readonly room: RoomId;
  /** Set where it stands in a thread: the message above. The same as in the place of the item. */
  readonly thread: MessagePlace | undefined;
  readonly item: MessageItem;
}
export interface SavedDraft {
  readonly text: string;
  readonly mentions: readonly OutgoingMention[];
  readonly replyTo: Quote | undefined;
}
export type Notify = 'all' | 'mentions' | 'nothing';
/** What this person chose for one room; alike on all their devices. */
export interface RoomChoices {
  /** Others see when one is writing. Off unless turned on; in a quiet room without effect. */
  readonly typing: boolean;
  /** Others see how far one has read, and one sees it of those who show it. Off unless turned on. */
  readonly receipts: boolean;
  readonly notify: Notify;
}

export interface TalkCalls {
  /**
   * Queues a text durably and resolves with its id; it is sent in the background.
   * @throws SessionFailure `message-empty` | `message-too-long` | `room-inactive` | `not-allowed` (only admins and moderators write here)
   */
  send(room: RoomId, text: string | OutgoingText): Promise<MessageId>;
  react(room: RoomId, to: MessagePlace, emoji: string, on: boolean): Promise<void>;
  /** One's own message. The texts before stay to be seen. @throws SessionFailure `not-allowed` | `message-empty` | `message-too-long` */
  edit(room: RoomId, message: MessagePlace, text: OutgoingText): Promise<void>;
  versions(room: RoomId, message: MessagePlace): Promise<readonly MessageVersion[]>;
  /** For everybody: one's own, or as a moderator or an admin. One that waits to be sent is taken back. @throws SessionFailure `not-allowed` */
  deleteMessage(room: RoomId, message: MessagePlace | MessageId): Promise<void>;
  pin(room: RoomId, message: MessagePlace, on: boolean): Promise<void>;
  /** Newest first. */
  pins(room: RoomId): Promise<readonly PlacedMessage[]>;
  /** On this person's devices only. */
  bookmark(room: RoomId, message: MessagePlace, on: boolean): Promise<void>;
  bookmarks(): Promise<readonly PlacedMessage[]>;
  /** Text as it is, without whom it named; a file by its key, so that nothing is uploaded again. */
  forward(room: RoomId, message: MessagePlace, to: readonly RoomId[]): Promise<void>;

  /** Messages of these places as they are now; for those that changed. */
  itemsAt(room: RoomId, seqs: readonly number[], thread?: MessagePlace): Promise<readonly MessageItem[]>;
  /** The place of the first item at or after a moment; undefined: there is none so late. */
  seqAt(room: RoomId, at: number): Promise<number | undefined>;
  /** Followed ones, those with something unread first. */
  threads(): Promise<readonly ThreadSummary[]>;
  followThread(room: RoomId, thread: MessagePlace, on: boolean): Promise<void>;
  /** Of the room's own timeline, or of a thread. */
  markReadTo(room: RoomId, seq: number, thread?: MessagePlace): Promise<void>;

  /** What was begun and not sent, of the room or of a thread. An empty text forgets it. */
  saveDraft(room: RoomId, draft: OutgoingText): Promise<void>;
  draft(room: RoomId, thread?: MessagePlace): Promise<SavedDraft | undefined>;

  choices(room: RoomId): Promise<RoomChoices>;
  setChoices(room: RoomId, choices: Partial<RoomChoices>): Promise<void>;
  /** One is writing. Call it as often as one likes: it leaves seldom, and only where the choice says so. */
  nowTyping(room: RoomId, thread?: MessagePlace): Promise<void>;
  /** Who writes just now. */
  typing(room: RoomId): Promise<readonly Person[]>;
}
