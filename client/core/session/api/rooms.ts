/** Who is what in a room, what it is set to, and what happened to it. */
import type { MemberId, Person, RoomId } from '../api.ts';

/** Admins change settings and people, moderators look after what is said; everybody else is a member. */
export type Role = 'admin' | 'moderator' | 'member';
/** Who adds people; admins always do. */
export type MayAdd = 'admins' | 'moderators' | 'everybody';

export interface RoomMember extends Person {
  readonly admin: boolean;
  readonly role: Role;
  /** They have another device in other rooms, and none of those here is there: as if these were lost. */
  readonly lost?: boolean;
}

export type RoomEvent =
  | { readonly what: 'created'; readonly by: Person }
  /** This device came into the room; `by` added it. */
  | { readonly what: 'joined'; readonly by: Person }
  | { readonly what: 'added' | 'removed'; readonly by: Person; readonly people: readonly Person[] }
  /** Another device of `by`. */
  | { readonly what: 'device-added' | 'device-removed'; readonly by: Person }
  /** A device of `by` that was not here before, let in by `people`: where they are in the room, or were removed from it with others. */
  | { readonly what: 'new-device'; readonly by: Person; readonly people: readonly Person[] }
  /** This device came into a room that it knew from another one of this person, by a backup or by what that one sent. What was said in between is not on it. */
  | { readonly what: 'returned'; readonly by: Person }
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
  /** This device could not follow the room, and `by` added it again. What was said meanwhile it cannot read. */
  | { readonly what: 'rejoined'; readonly by: Person }
  /** So many messages of somebody did not come; `missing` says how it stands with them. `expired`: they may have been deleted from the hub before this device came to read them. */
  | { readonly what: 'missing'; readonly by: Person; readonly count: number; readonly expired: boolean }
  /** A record that could not be opened with this room's keys was hidden. */
  | { readonly what: 'hidden-record' };

export type RefusedReason = 'ghost' | 'swapped-credential' | 'not-admin' | 'forbidden-kind' | 'unreadable' | 'mixed-change';

/** What a room is set to, and what this person may do in it. */
export interface RoomRules {
  /** Of this person; undefined where they are not in it any more. */
  readonly role: Role | undefined;
  readonly announcementOnly: boolean;
  readonly whoAdds: MayAdd;
  readonly mayAdd: boolean;
  /** Messages vanish so many seconds after they were sent; 0: they stay. As the room says. */
  readonly vanishAfter: number;
  /** The same as it is: never longer than the hub lets anything stay. */
  readonly keeps: number;
}

/** How one looks in one room. */
export interface RoomLook {
  /** Empty: as everywhere. */
  readonly name: string;
  /** 1 to 12; 0: by the key. */
  readonly colour: number;
  /** Its version, where there is one. */
  readonly picture: string | undefined;
}
export interface RoomLookChange {
  readonly name?: string | undefined;
  readonly colour?: number | undefined;
  /** A square WebP or JPEG of up to 12 KiB; null takes it away; undefined leaves it. */
  readonly picture?: Uint8Array | null | undefined;
}

export interface RoomCalls {
  look(room: RoomId): Promise<RoomLook>;
  /** Everybody in the room is told. @throws SessionFailure `bad-name` | `bad-picture` | `room-inactive` */
  setProfile(room: RoomId, look: RoomLookChange): Promise<void>;
  /** The picture of somebody in a room: a WebP or a JPEG, by its own first bytes. */
  picture(room: RoomId, member: MemberId): Promise<Uint8Array | undefined>;
  /** @throws SessionFailure `not-allowed`, also where nobody would be left to look after the room | `not-a-member` */
  setRole(room: RoomId, member: MemberId, role: Role): Promise<void>;
  /**
   * The devices somebody has in this room go, and those they have now come. Resolves when that is written down; it is done as soon
   * as they can be reached. @throws SessionFailure `not-allowed` | `not-a-member`
   */
  bringNewDevice(room: RoomId, member: MemberId): Promise<void>;
  /** Only admins and moderators write. */
  setAnnouncementOnly(room: RoomId, on: boolean): Promise<void>;
  setMayAdd(room: RoomId, who: MayAdd): Promise<void>;
  /** @throws SessionFailure `bad-name` */
  renameRoom(room: RoomId, name: string): Promise<void>;
  /**
   * New messages vanish so long after they were sent, on every device; 0: they stay.
   * @param seconds 10 to 366 days @throws SessionFailure `bad-span`
   */
  setVanishing(room: RoomId, seconds: number): Promise<void>;
  /**
   * It is past for this person at once; the next admin's device that sees it takes them out of it.
   * @throws SessionFailure `last-admin`: somebody else must look after the room first
   */
  leaveRoom(room: RoomId): Promise<void>;
  /** Everything of a past room goes from this device. @throws SessionFailure `room-active` | `still-leaving` (nobody could be told yet that one left) */
  forgetRoom(room: RoomId): Promise<void>;
  /** A steward: in no room of the hub do messages stay longer than this; 0: as each room says. @throws SessionFailure `bad-span` */
  setLongestKeep(seconds: number): Promise<void>;
  /** 0: as each room says. */
  longestKeep(): Promise<number>;
}
