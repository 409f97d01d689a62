/**
 * Leaving a room. MLS lets nobody take their own leaf out, so whoever wants to go says so, and a device of somebody who may
 * remove them does it; which one, chance decides. For whoever goes the room is past from the moment they say it.
 */
import { create } from '@bufbuild/protobuf';
import { LeavingSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { mayRemove } from '../../domain/room-roles.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import { hex } from '#shared/sodium.ts';
import { adminsOf, roleIn } from '../admins.ts';
import { SessionFailure, type RoomId } from '../api.ts';
import type { Said } from '../contents.ts';
import type { Device } from '../device.ts';
import { leavesIn, namedMember } from '../judging.ts';
import { enqueueContent } from '../newcoming.ts';
import { byChance } from '../pace.ts';
import type { RoomChanges } from '../room-changes.ts';
import type { RoomState } from '../room-state.ts';
import { isPast } from './rules.ts';

/** Somebody else of those who look after the room stays, or there is nobody to look after it for. */
function mayLeave({ room, leavers }: RoomState, member: Uint8Array): boolean {
  if (roleIn(room, member) !== 'admin') return true;
  const others = room.leaves.map(namedMember).filter((key) => !sameBytes(key, member));
  return others.length === 0 || adminsOf(room).some((key) => !sameBytes(key, member) && !includesKey(leavers, key));
}

/** @throws SessionFailure `unknown-room` | `room-inactive` | `last-admin` */
export async function leaveRoom(device: Device, id: RoomId): Promise<void> {
  await device.change(async (draft) => {
    const state = draft.rooms.get(id);
    if (state === undefined) throw new SessionFailure('unknown-room');
    if (!state.room.active) throw new SessionFailure('room-inactive');
    if (isPast(state, device)) return;
    if (!mayLeave(state, device.member.key)) throw new SessionFailure('last-admin');
    draft.rooms.set(id, { ...state, askedToLeave: true });
    enqueueContent(draft, state, { case: 'leaving', value: create(LeavingSchema) });
    draft.emit({ changed: 'rooms' });
  });
}

/**
 * Everybody sees requests in the same order, so of two admins who are the last and both want to go it is the same one
 * whose request counts for nothing.
 */
export function takeLeaving({ draft, state, sender }: Said<'leaving'>): void {
  const others = state.leavers.filter((key) => !sameBytes(key, sender));
  const stays = !mayLeave({ ...state, leavers: others }, sender);
  const askedToLeave = state.askedToLeave && !sameBytes(sender, draft.device.member.key);
  draft.rooms.set(state.id, { ...state, askedToLeave, leavers: stays ? others : [...others, sender] });
  draft.emit({ changed: 'rooms' });
  // Also for whoever stays after all: it may be theirs now to take out the one who asked before.
  draft.afterwards(() => draft.device.wake.leavers());
}

/** Those of them who are still in. */
export const stillLeaving = (state: RoomState): RoomState =>
  state.leavers.length === 0 ? state : { ...state, leavers: state.leavers.filter((key) => leavesIn(state.room.leaves)(key) > 0) };

/** Takes out those who asked for it, where it is this device's to do and nobody was quicker. */
export async function removeLeavers(device: Device, changes: RoomChanges, pause: (ms: number) => Promise<void>, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    if (next(device) === undefined) return;
    await pause(byChance(device.pace.leaving));
    const found = next(device);
    if (found === undefined || isOver()) return;
    try {
      await changes.remove(found.room, found.member);
    } catch (thrown) {
      // Somebody else was quicker, or it is not ours to do any more.
      const code = thrown instanceof SessionFailure ? thrown.code : undefined;
      if (code !== 'not-a-member' && code !== 'not-allowed' && code !== 'room-inactive') throw thrown;
    }
  }
}

function next(device: Device): { room: RoomId; member: string } | undefined {
  for (const state of device.rooms.values()) {
    const { id, room, leavers } = state;
    if (isPast(state, device) || state.stuck !== undefined) continue;
    const role = roleIn(room, device.member.key);
    const gone = leavers.find((key) => mayRemove(role, roleIn(room, key)));
    if (gone !== undefined) return { room: id, member: hex(gone) };
  }
  return undefined;
}
