/**
 * Rooms that a device knows from an archive and has no keys of: what was said there can be read, and whoever was in it may
 * bring this person back.
 */
import { create, fromBinary } from '@bufbuild/protobuf';
import { StoredPastSchema, type StoredPast } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { RoomSettingsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import type { Room } from '../mls/port.ts';

const pasts = new WeakMap<Room, StoredPast>();

/** A room that can be read and nothing else. @returns undefined if it does not say what a room says of itself */
export function pastRoom(past: StoredPast): Room | undefined {
  try {
    fromBinary(RoomSettingsSchema, past.settings);
  } catch {
    return undefined;
  }
  const room: Room = {
    suite: past.classical ? 'classical' : 'xwing',
    epoch: Number(past.epoch),
    ownLeaf: -1,
    leaves: past.places.map(({ index, credential, leafKey }) => ({ index, credential, leafKey })),
    settings: past.settings,
    active: false,
  };
  pasts.set(room, past);
  return room;
}

/** @returns undefined for a room this device has, or had, keys of */
export const pastOf = (room: Room): StoredPast | undefined => pasts.get(room);

/** What an archive says of a room. */
export const pastFrom = (room: Room): StoredPast => pasts.get(room) ?? create(StoredPastSchema, {
  settings: room.settings,
  places: room.leaves.map(({ index, credential, leafKey }) => ({ index, credential, leafKey })),
  epoch: BigInt(room.epoch),
  classical: room.suite === 'classical',
  wasActive: room.active,
});
