/** Who is what in a room, what it is set to, and what happened to it. */
import type { Person } from '../api.ts';

/** Admins change settings and people, moderators look after what is said; everybody else is a member. */
export type Role = 'admin' | 'moderator' | 'member';
/** Who adds people; admins always do. */
export type MayAdd = 'admins' | 'moderators' | 'everybody';

export interface RoomMember extends Person {
  readonly admin: boolean;
  readonly role: Role;
}

export type RoomEvent =
  | { readonly what: 'created'; readonly by: Person }
  /** This device came into the room; `by` added it. */
  | { readonly what: 'joined'; readonly by: Person }
  | { readonly what: 'added' | 'removed'; readonly by: Person; readonly people: readonly Person[] }
  /** Another device of `by`. */
  | { readonly what: 'device-added' | 'device-removed'; readonly by: Person }
  | { readonly what: 'removed-me'; readonly by: Person }
  /** `by` asked to be removed, and was. */
  | { readonly what: 'left'; readonly by: Person }
  /** These people have this role from here on. */
  | { readonly what: 'made-admin' | 'made-moderator' | 'made-member'; readonly by: Person; readonly people: readonly Person[] }
  /** Only admins and moderators write from here on, or everybody again. */
  | { readonly what: 'announcing' | 'conversing'; readonly by: Person }
  /** Who adds people from here on. */
  | { readonly what: 'admins-add' | 'moderators-add' | 'everybody-adds'; readonly by: Person }
  /** Messages stay from here on, or vanish so long after they were sent. */
  | { readonly what: 'staying'; readonly by: Person }
  | { readonly what: 'vanishing'; readonly by: Person; readonly seconds: number }
  /** The room sends quietly from here on, or no longer. */
  | { readonly what: 'quieted' | 'unquieted'; readonly by: Person }
  | { readonly what: 'renamed'; readonly by: Person; readonly name: string }
  /** A change the rules forbid was refused; nothing happened to the room. */
  | { readonly what: 'refused-change'; readonly by: Person | undefined; readonly reason: RefusedReason }
  /** The room could not go on where it was: without whoever broke it, and, until they are added, whoever could not be reached. */
  | { readonly what: 'replanted'; readonly by: Person; readonly without: readonly Person[] }
  /** So many messages of somebody did not come; `missing` says how it stands with them. `expired`: they may have been deleted from the hub before this device came to read them. */
  | { readonly what: 'missing'; readonly by: Person; readonly count: number; readonly expired: boolean }
  /** A record that could not be opened with this room's keys was hidden. */
  | { readonly what: 'hidden-record' };

export type RefusedReason = 'ghost' | 'swapped-credential' | 'not-admin' | 'forbidden-kind' | 'unreadable' | 'mixed-change';
