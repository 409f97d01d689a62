/** When messages are gone, and where that is written down: by the second, so that the next ones are found at once. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { RoomContent } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredVanishingSchema, StoredVanishing_PlaceSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { keptFor, vanishesAt } from '../../domain/vanishing.ts';
import type { Bulletin } from '../../domain/bulletin.ts';
import type { RoomId } from '../api.ts';
import type { Draft } from '../draft.ts';
import { settingsOf, type RoomState } from '../room-state.ts';

/** Where a message stands that will be gone. */
export interface DuePlace {
  readonly room: RoomId;
  /** The room, or a thread of it. */
  readonly scope: string;
  readonly place: number;
  /** Place of the message above; 0 where it stands in the room's own timeline. */
  readonly root: number;
}

/** By the settings of this moment. @returns milliseconds since 1970; 0: it stays */
export function dueOf(draft: { readonly constitution: Bulletin; readonly device: { now(): number } }, { room }: RoomState, { sentAtMs }: Pick<RoomContent, 'sentAtMs'>): number {
  const { longestKeepS, postDays } = draft.constitution.facts;
  return vanishesAt(Number(sentAtMs), draft.device.now(), keptFor(settingsOf(room).vanishAfterS, longestKeepS), postDays);
}

export const secondOf = (ms: number): number => Math.ceil(ms / 1000);
export const dueKey = (second: number) => ({ collection: 'vanishing', scope: '', order: second }) as const;

/** Writes down that what stands there will be gone. Again for the same changes nothing. @param due milliseconds since 1970; 0: it stays */
export async function schedule(draft: Draft, { room, scope, place, root }: DuePlace, due: number): Promise<void> {
  if (due === 0) return;
  const key = dueKey(secondOf(due));
  const kept = await draft.entries.get(key);
  const places = kept === undefined ? [] : fromBinary(StoredVanishingSchema, kept).places;
  if (places.some((known) => known.scope === scope && known.place === BigInt(place))) return;
  const one = create(StoredVanishing_PlaceSchema, { room, scope, place: BigInt(place), root: BigInt(root) });
  draft.entries.put(key, toBinary(StoredVanishingSchema, create(StoredVanishingSchema, { places: [...places, one] })));
  draft.afterwards(() => draft.device.wake.vanishing());
}
