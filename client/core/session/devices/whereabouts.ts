/** In which rooms this person's devices are. */
import { sameBytes } from '../../domain/signing.ts';
import { hex } from '#shared/sodium.ts';
import type { DeviceId } from '../api.ts';
import type { Device } from '../device.ts';
import { namedMember } from '../judging.ts';
import type { RoomState } from '../room-state.ts';
import { isOwnRoom } from './own-room.ts';

export const hasLeaf = ({ room }: RoomState, id: DeviceId): boolean => room.leaves.some(({ leafKey }) => hex(leafKey) === id);

/** Leaves of this person's other devices in a room, those that were removed left out. */
export const leavesOfOthers = ({ member, devices, deviceId }: Device, { room }: RoomState): number[] =>
  room.leaves.filter((leaf) => {
    const id = hex(leaf.leafKey);
    return id !== deviceId && devices.get(id)?.removed !== true && sameBytes(namedMember(leaf), member.key);
  }).map(({ index }) => index);

/** Another device of this person removed this one: it is in no room of theirs any more. */
export function isRemovedHere({ rooms, devices, deviceId }: Pick<Device, 'rooms' | 'devices' | 'deviceId'>): boolean {
  const own = [...rooms.values()].filter(isOwnRoom);
  return devices.get(deviceId)?.removed === true || (own.length > 0 && own.every(({ room }) => !room.active));
}

/** Of the rooms this device is in, those that one is in too. */
export function roomsOf({ rooms }: Device, id: DeviceId): { done: number; total: number } {
  const all = [...rooms.values()].filter((state) => state.room.active && !isOwnRoom(state));
  return { done: all.filter((state) => hasLeaf(state, id)).length, total: all.length };
}
