/** Who speaks for a room. Settings name admins; a removal takes the leaf and leaves the name, so the name alone is nothing. */
import type { Bulletin } from '../domain/bulletin.ts';
import { presentAdmins } from '../domain/room-policy.ts';
import { includesKey } from '../domain/signing.ts';
import type { Room } from '../mls/port.ts';
import { memberOf, namedMember } from './judging.ts';
import { settingsOf } from './room-state.ts';

/** The member keys of the room's admins: named in its settings, and with a device in it. */
export function adminsOf(room: Room): Uint8Array[] {
  const here = room.leaves.map(namedMember);
  return presentAdmins(settingsOf(room), (key) => includesKey(here, key));
}

/** Those of them whose certificates stand under this bulletin. */
export function standingAdmins(room: Room, bulletin: Bulletin): Uint8Array[] {
  const { admins } = settingsOf(room);
  return room.leaves.map((leaf) => memberOf(leaf, bulletin)).filter((key) => key !== undefined && includesKey(admins, key)) as Uint8Array[];
}
