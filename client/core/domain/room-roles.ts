/**
 * Who is what in a room, and what that allows. Its settings name admins and moderators; only who has a device in the room
 * is one. Everybody else in it is a member.
 */
import { MayAdd, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { includesKey, sameBytes } from './signing.ts';

export type Role = 'admin' | 'moderator' | 'member';

/** How many devices of a member are in the room. */
export type LeavesOf = (memberKey: Uint8Array) => number;

/** @returns undefined for somebody who is not in the room */
export function roleOf({ admins, moderators }: Pick<RoomSettings, 'admins' | 'moderators'>, memberKey: Uint8Array, leavesOf: LeavesOf): Role | undefined {
  if (leavesOf(memberKey) === 0) return undefined;
  if (includesKey(admins, memberKey)) return 'admin';
  return includesKey(moderators, memberKey) ? 'moderator' : 'member';
}

/** Whoever says something in a room has a device there: nobody else's would be opened. */
export const roleOfSpeaker = (settings: Pick<RoomSettings, 'admins' | 'moderators'>, memberKey: Uint8Array): Role | undefined => roleOf(settings, memberKey, () => 1);

/** The admins of a room are the members its settings name who have a leaf in it. */
export const presentAdmins = ({ admins }: Pick<RoomSettings, 'admins'>, leavesOf: LeavesOf): Uint8Array[] => admins.filter((key) => leavesOf(key) > 0);

/** Settings without the names of people who are not in the room any more: a removal takes the leaves and leaves the name. */
export const withoutAbsent = (settings: RoomSettings, leavesOf: LeavesOf): RoomSettings =>
  ({ ...settings, admins: presentAdmins(settings, leavesOf), moderators: settings.moderators.filter((key) => leavesOf(key) > 0) });

export function mayAddPeople(role: Role | undefined, mayAdd: MayAdd): boolean {
  if (role === undefined) return false;
  if (mayAdd === MayAdd.EVERYBODY) return true;
  return role === 'admin' || (role === 'moderator' && mayAdd === MayAdd.MODERATORS);
}

/** Of others. Admins remove anybody, moderators those who have no role. */
export const mayRemove = (role: Role | undefined, other: Role | undefined): boolean =>
  role === 'admin' || (role === 'moderator' && other === 'member');

export const mayChangeSettings = (role: Role | undefined): boolean => role === 'admin';

/** Texts, files, changes to them, pins. Everybody in the room reacts and reads. */
export const mayWrite = (role: Role | undefined, { announcementOnly }: Pick<RoomSettings, 'announcementOnly'>): boolean =>
  role !== undefined && (!announcementOnly || role !== 'member');

/** The same of somebody who says something there. */
export const mayWriteIn = (settings: Pick<RoomSettings, 'admins' | 'moderators' | 'announcementOnly'>, memberKey: Uint8Array): boolean =>
  mayWrite(roleOfSpeaker(settings, memberKey), settings);

/** What others wrote: to take it away. */
export const mayModerate = (role: Role | undefined): boolean => role === 'admin' || role === 'moderator';

/** One's own devices come and go as one likes, whatever one's role. */
export const isOwn = (memberKey: Uint8Array, other: Uint8Array): boolean => memberKey.length > 0 && sameBytes(memberKey, other);
