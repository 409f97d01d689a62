/** Searching in what this device holds. Nothing of it is ever asked of the hub. */
import type { MemberId, Person, RoomId, SharedFile } from '../api.ts';
import type { Has, Is } from '../../domain/search-query.ts';
import type { MessagePlace } from './talk.ts';

export type { Has, Is };

/** What is looked for. Everything said here must hold. */
export interface SearchRequest {
  /** Words, phrases in quotes, and filters as they are typed (docs/cli.md has them). */
  readonly text: string;
  /** By any of these people, in any of these rooms; besides what the text says. */
  readonly from?: readonly MemberId[] | undefined;
  readonly rooms?: readonly RoomId[] | undefined;
  readonly has?: readonly Has[] | undefined;
  readonly is?: readonly Is[] | undefined;
  readonly mentionsMe?: boolean | undefined;
  /** Milliseconds since 1970: sent from then on, or before. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
export interface SearchOptions {
  /** Hits on a page; 30 unless said otherwise, at most 200. */
  readonly limit?: number | undefined;
  /** Of the page before: what comes after it. */
  readonly cursor?: string | undefined;
  /** Waits until everything is indexed. */
  readonly whole?: boolean | undefined;
}
/** A stretch of a text, in UTF-16 units. */
export interface TextStretch {
  readonly start: number;
  readonly length: number;
}
/** A part of a message's text, on one line. */
export interface Snippet {
  readonly text: string;
  /** What was looked for, in order, none over another. */
  readonly marks: readonly TextStretch[];
  /** There is more of the text before, or behind. */
  readonly before: boolean;
  readonly behind: boolean;
}
export interface SearchHit {
  readonly room: RoomId;
  /** Where it stands, with the thread if it is in one. */
  readonly place: MessagePlace;
  readonly sender: Person;
  /** Milliseconds since 1970 by the sender's clock. */
  readonly at: number;
  /** Undefined where the message is a file without a caption. */
  readonly snippet: Snippet | undefined;
  readonly file: SharedFile | undefined;
  /** What was looked for, in the file's name. */
  readonly fileMarks: readonly TextStretch[];
}
export interface SearchPage {
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  /** For the next page; undefined: there is none. */
  readonly cursor: string | undefined;
  /** How many there are in all; undefined where only reading every one of them would tell. */
  readonly total: number | undefined;
  /** Filters in the text that mean nothing: not a date, nobody of that name. */
  readonly unclear: readonly string[];
  /** Of what is on this device so much was looked through: 1 is all. */
  readonly share: number;
}
export interface SearchState {
  /** Of what is on this device so much can be found: 1 is all. */
  readonly share: number;
  /** It is being made so just now. */
  readonly working: boolean;
}

export interface SearchCalls {
  /**
   * Newest first. A search without a cursor ends the one before, which rejects with `cancelled`.
   * @throws SessionFailure `locked` | `not-admitted` | `cancelled`
   */
  search(request: SearchRequest, options?: SearchOptions): Promise<SearchPage>;
  searchState(): Promise<SearchState>;
}
