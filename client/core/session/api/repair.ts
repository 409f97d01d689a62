/** What can be wrong with a room, or with what the hub shows, and what a person can do about it. */
import type { MemberId, Person, RoomId } from '../api.ts';

/** How a room is. What is not `fine` has one sentence and one button. `since`: milliseconds since 1970; `asked`: to be added again. */
export type RoomHealth =
  | { readonly is: 'fine' }
  /** Somebody's change took the room's place at the hub, and it waits to be set up anew by an admin's device, by itself. */
  | { readonly is: 'mending'; readonly by: Person | undefined; readonly asked: boolean }
  /** Nothing can be sent, and it cannot be told who did it: an admin may move the room. */
  | { readonly is: 'stuck'; readonly since: number; readonly asked: boolean }
  /** This device cannot follow the room any more and has to be added again. */
  | { readonly is: 'out-of-step'; readonly why: OutOfStep; readonly since: number; readonly asked: boolean };

export type OutOfStep =
  /** A change of the room's keys is not on this device: it was not shown, or was gone from the hub before it came. */
  | 'missed-change'
  /** So many messages of somebody are not that what they write now cannot be opened. */
  | 'missed-messages';

/** Messages that did not come. */
export interface MissingMessages {
  /** Of the line in the timeline that tells of them. */
  readonly seq: number;
  readonly by: Person;
  /** How many have not come yet; 0: all came after all. */
  readonly count: number;
  readonly asked: boolean;
  /** Their sender has nothing left to send. */
  readonly gone: boolean;
}

/** How far two devices were shown the same log. */
export interface Comparison {
  /** The highest number up to which both were; undefined: nothing of it can be compared. */
  readonly alikeUpTo: number | undefined;
  /** Where they were shown something else; undefined: nowhere that can be compared. */
  readonly differsAt: number | undefined;
}

export interface RepairCalls {
  missing(room: RoomId): Promise<readonly MissingMessages[]>;
  /** Asks for what did not come, by the line that tells of it. */
  askAgain(room: RoomId, seq: number): Promise<void>;
  /**
   * An admin: the room goes on from another place with the same people, but whoever is named; its past stays. Resolves when
   * it is on its way.
   * @throws SessionFailure `not-allowed` | `room-inactive`
   */
  replant(room: RoomId, options?: { readonly without?: MemberId }): Promise<void>;
  /** Asks the room's admins to add this device again. @throws SessionFailure `member-unreachable` (no admin can be asked now) */
  askToBeAdded(room: RoomId): Promise<void>;
  /** What this device was shown, as a line of text to hand to somebody by another way. It names no room and no message. */
  standing(): Promise<string>;
  /** @throws SessionFailure `bad-link` for what is no such line */
  compareStanding(line: string): Promise<Comparison>;
}
