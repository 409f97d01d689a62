/** Who speaks for a room. Settings name admins; a removal takes the leaf and leaves the name, so the name alone is nothing. */
import type { Bulletin } from '../domain/bulletin.ts';
import { mayAddPeople, presentAdmins, roleOf, type Role } from '../domain/room-roles.ts';
import { includesKey, sameBytes } from '../domain/signing.ts';
import type { Leaf, Room } from '../mls/port.ts';
import { leavesIn, memberOf } from './judging.ts';
import { pastOf } from './past-rooms.ts';
import { settingsOf } from './room-state.ts';

/** The member keys of the room's admins: named in its settings, and with a device in it. */
export const adminsOf = (room: Room): Uint8Array[] => presentAdmins(settingsOf(room), leavesIn(room.leaves));

export const isAdmin = (room: Room, memberKey: Uint8Array): boolean => includesKey(adminsOf(room), memberKey);

/** @returns undefined for somebody who is not in the room */
export const roleIn = (room: Room, memberKey: Uint8Array): Role | undefined => roleOf(settingsOf(room), memberKey, leavesIn(room.leaves));

/** Whether a Welcome by this member is to be believed by `me`: people of the room who may add, and one's own devices. */
export function mayWelcome(room: Room, by: Uint8Array, me: Uint8Array, bulletin: Bulletin): boolean {
  if (!room.leaves.some((leaf) => isOf(leaf, by, bulletin))) return false;
  // Known from an archive, the room may have got other roles since; that its keys are the room's, its first message shows.
  if (pastOf(room) !== undefined) return true;
  return sameBytes(by, me) || mayAddPeople(roleIn(room, by), settingsOf(room).mayAdd);
}

/** By certificates that stand. */
function isOf(leaf: Leaf, memberKey: Uint8Array, bulletin: Bulletin): boolean {
  const member = memberOf(leaf, bulletin);
  return member !== undefined && sameBytes(member, memberKey);
}

/** Those of them whose certificates stand under this bulletin. */
export function standingAdmins(room: Room, bulletin: Bulletin): Uint8Array[] {
  const { admins } = settingsOf(room);
  return room.leaves.map((leaf) => memberOf(leaf, bulletin)).filter((key) => key !== undefined && includesKey(admins, key)) as Uint8Array[];
}
