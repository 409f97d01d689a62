/** Boards: announcements for many readers who do not see each other. */
import type { MemberId, Person, RoomId } from '../api.ts';
import type { FilePreview, FileSource, SharedFile, TransferId } from './files.ts';

export type BoardId = string;
/** 16 bytes in hexadecimal. */
export type AnnouncementId = string;

/** What this person is to a board. */
export type Reading =
  | 'no'
  /** Asked, and nobody of its coordinators has answered yet. */
  | 'asked'
  | 'yes'
  /** A coordinator said no. */
  | 'refused'
  /** The coordinators took this person out. What came before stays readable. */
  | 'removed';

export interface BoardSummary {
  readonly id: BoardId;
  readonly name: string;
  readonly reading: Reading;
  readonly unread: number;
  /** Everybody in the hub may subscribe, or whom a coordinator lets in. */
  readonly joining: 'open' | 'approved';
  /** Everybody in the hub sees that there is this board; else only those with its link. */
  readonly listed: boolean;
  /** So many coordinators sign what is announced. */
  readonly signatures: 1 | 2;
  readonly closed: boolean;
  /** Urgent announcements may be told in quiet hours: this reader's choice. */
  readonly urgentAnytime: boolean;
  /** The coordinators' side; undefined for everybody else. */
  readonly desk: Desk | undefined;
}
export interface Desk {
  /** The room of the coordinators. */
  readonly room: RoomId;
  readonly readers: number;
  /** People who ask to read it, and wait for a coordinator. */
  readonly asking: number;
  /** Announcements that wait for somebody's signature, or for their time. */
  readonly waiting: number;
  /** This device may let other people become coordinators, and take that back: the steward's who made the board. */
  readonly keepsEntry: boolean;
  /** False until the hub's bulletin names this coordinator. */
  readonly mayAnnounce: boolean;
}

export interface Wording {
  /** BCP 47, such as `es`. */
  readonly language: string;
  readonly title: string;
  /** With the light marks of messages. */
  readonly body: string;
}
export type Priority = 'normal' | 'important' | 'urgent';
export interface ShiftText {
  readonly name: string;
  /** Milliseconds since 1970; 0: not told. */
  readonly beginsAt: number;
  readonly endsAt: number;
  /** 0: as many as come. */
  readonly capacity: number;
}
export interface EventText {
  readonly beginsAt: number;
  /** 0: open. */
  readonly endsAt: number;
  /** IANA, such as `Europe/Madrid`. */
  readonly zone: string;
  readonly place: string;
  /** An https address; empty: none. Opens outside. */
  readonly map: string;
  /** Readers may say whether they come. */
  readonly answers: boolean;
  readonly shifts: readonly ShiftText[];
}
export interface PollText {
  readonly question: string;
  readonly choices: readonly string[];
  /** More than one may be chosen. */
  readonly several: boolean;
  /** 0: never. */
  readonly closesAt: number;
}
export interface AnnouncementText {
  /** One for each language; the first is for whoever reads none of them. */
  readonly wordings: readonly Wording[];
  readonly priority: Priority;
  readonly pinned: boolean;
  /** Files that were sent for it with `attach`. */
  readonly files: readonly AttachedFile[];
  /** 0: never. */
  readonly expiresAt: number;
  /** Readers are asked to say that they have read it. */
  readonly acknowledge: boolean;
  readonly event: EventText | undefined;
  readonly poll: PollText | undefined;
}
/** A file that lies sealed at the hub; `handle` says where, and means nothing to anybody else. */
export interface AttachedFile extends SharedFile {
  readonly handle: string;
}

export interface Totals {
  readonly acknowledged: number;
  readonly coming: number;
  readonly maybe: number;
  readonly notComing: number;
  /** Of the poll, by choice. */
  readonly chosen: readonly number[];
  readonly voters: number;
  /** Of each shift, how many are taken. */
  readonly taken: readonly number[];
}
export type OwnAnswer = {
  readonly acknowledged: boolean;
  readonly coming: 'yes' | 'maybe' | 'no' | undefined;
  readonly votes: readonly number[];
  readonly shifts: readonly number[];
  /** Shifts that were full when this answer came: known once there are totals. */
  readonly full: readonly number[];
};

export interface Announcement extends AnnouncementText {
  readonly board: BoardId;
  readonly id: AnnouncementId;
  readonly seq: number;
  /** Milliseconds since 1970, by the clock of whoever sent it. */
  readonly sentAt: number;
  /** The name of the bot that wrote it. */
  readonly bot: string | undefined;
  readonly read: boolean;
  /** It is past its time. */
  readonly expired: boolean;
  readonly corrected: { readonly at: number; readonly note: string } | undefined;
  readonly withdrawn: { readonly at: number; readonly note: string } | undefined;
  readonly totals: Totals | undefined;
  readonly answer: OwnAnswer | undefined;
}

/** What a coordinator began to write; all coordinators of the board see it. */
export interface BoardDraft {
  readonly board: BoardId;
  readonly id: AnnouncementId;
  readonly text: AnnouncementText;
  readonly by: Person;
  readonly at: number;
}
/** Something that is ready, and waits for a second signature or for its time. */
export interface Proposal {
  readonly board: BoardId;
  readonly id: AnnouncementId;
  readonly what: 'announcement' | 'correction' | 'withdrawal';
  /** Which announcement it corrects or withdraws: nobody signs without seeing it. */
  readonly of?: AnnouncementId | undefined;
  readonly text: AnnouncementText | undefined;
  readonly note: string;
  readonly by: Person;
  readonly signedBy: readonly Person[];
  /** So many more coordinators must sign. */
  readonly missing: number;
  /** 0: as soon as it may. */
  readonly publishAt: number;
  /** This person has not signed it and may. */
  readonly maySign: boolean;
  /** Its time has passed, and no device of a coordinator was there to send it: it goes now. */
  readonly late: boolean;
}
export interface ReaderRequest {
  readonly board: BoardId;
  readonly member: MemberId;
  readonly name: string;
  readonly fingerprint: string;
  readonly at: number;
}
/** An answer whose giver wanted the coordinators to know the name. */
export interface NamedAnswer {
  readonly name: string;
  readonly coming: 'yes' | 'maybe' | 'no' | undefined;
  readonly votes: readonly number[];
  readonly shifts: readonly number[];
}
export interface Bot {
  readonly name: string;
  /** The coordinator whose device it is. */
  readonly member: MemberId;
}

export interface AnnouncementQuery {
  readonly board?: BoardId;
  readonly unread?: boolean;
  /** Events that are not over, the next one first. */
  readonly coming?: boolean;
  readonly before?: number;
  readonly limit?: number;
}

export interface BoardCalls {
  /** Those this person reads or coordinates, and those the hub lists. */
  boards(): Promise<readonly BoardSummary[]>;
  /** A steward. Resolves when the bulletin of this device names it. @throws SessionFailure `not-allowed` | `bad-name` */
  createBoard(name: string, rules?: { listed?: boolean; joining?: 'open' | 'approved'; signatures?: 1 | 2 }): Promise<BoardId>;
  /** A steward: nothing is announced any more. */
  closeBoard(board: BoardId): Promise<void>;
  /** For people of this hub: a link or, as a picture, a QR code. @throws SessionFailure `unknown-board` */
  boardLink(board: BoardId): Promise<string>;
  /** @returns which board it leads to @throws SessionFailure `bad-link` | `link-of-other-hub` | `unknown-board` */
  openBoardLink(link: string): Promise<BoardId>;
  /** Goes on by itself once there is a connection. */
  subscribeBoard(board: BoardId): Promise<void>;
  unsubscribeBoard(board: BoardId): Promise<void>;
  setUrgentAnytime(board: BoardId, on: boolean): Promise<void>;

  /** Newest first, with pinned ones at the top of the first page of a board. */
  announcements(query?: AnnouncementQuery): Promise<{ readonly items: readonly Announcement[]; readonly more: boolean }>;
  announcement(board: BoardId, id: AnnouncementId): Promise<Announcement>;
  /** What stood there before corrections, the oldest first. */
  versionsOf(board: BoardId, id: AnnouncementId): Promise<readonly { readonly text: AnnouncementText; readonly until: number }[]>;
  markAnnouncementRead(board: BoardId, id: AnnouncementId): Promise<void>;
  /** Sealed to the coordinators. @throws SessionFailure `not-allowed` where nothing is asked, or no longer */
  answer(board: BoardId, id: AnnouncementId, answer: Partial<Omit<OwnAnswer, 'full'>>, name?: string): Promise<void>;
  fetchAttached(board: BoardId, handle: string, transfer?: TransferId): Promise<Blob>;

  /** Coordinators, from here on. @throws SessionFailure `not-allowed` | `bad-announcement` */
  announce(board: BoardId, text: AnnouncementText, options?: { draft?: AnnouncementId; publishAt?: number; bot?: boolean }): Promise<AnnouncementId>;
  correct(board: BoardId, id: AnnouncementId, text: AnnouncementText, note: string): Promise<void>;
  withdrawAnnouncement(board: BoardId, id: AnnouncementId, note: string): Promise<void>;
  pinAnnouncement(board: BoardId, id: AnnouncementId, on: boolean): Promise<void>;
  attach(board: BoardId, source: FileSource, about: { name: string; type: string; preview?: FilePreview; transfer?: TransferId }): Promise<AttachedFile>;
  boardDrafts(board: BoardId): Promise<readonly BoardDraft[]>;
  /** Undefined throws it away. @returns its id */
  saveBoardDraft(board: BoardId, text: AnnouncementText | undefined, id?: AnnouncementId): Promise<AnnouncementId>;
  proposals(board: BoardId): Promise<readonly Proposal[]>;
  sign(board: BoardId, id: AnnouncementId): Promise<void>;
  cancelProposal(board: BoardId, id: AnnouncementId): Promise<void>;
  readerRequests(board: BoardId): Promise<readonly ReaderRequest[]>;
  admitReader(board: BoardId, member: MemberId): Promise<void>;
  refuseReader(board: BoardId, member: MemberId): Promise<void>;
  /** Of the people this device knows by name, those who read it and whose name has this in it. Nobody is shown without being asked for. */
  findReaders(board: BoardId, name: string): Promise<readonly Person[]>;
  /** A new era begins without them. Resolves when it is in the log. */
  removeReaders(board: BoardId, members: readonly MemberId[]): Promise<void>;
  /** Counted on this device. */
  tally(board: BoardId, id: AnnouncementId): Promise<Totals>;
  namedAnswers(board: BoardId, id: AnnouncementId): Promise<readonly NamedAnswer[]>;
  /** Everybody who reads the board sees the numbers. */
  postTotals(board: BoardId, id: AnnouncementId): Promise<void>;
  bots(board: BoardId): Promise<readonly Bot[]>;
  /** What this coordinator's devices announce is a bot's from now on, under this name; undefined takes it back. The keeper's device has to be there for it to count. */
  setBot(board: BoardId, name: string | undefined): Promise<void>;
}
