/** Signs that this device cannot follow a room. Any of them the hub could have made up, so nothing is done by itself. */
import type { RoomHealth, OutOfStep } from '../api/repair.ts';
import type { Person } from '../api.ts';
import type { Draft } from '../draft.ts';
import type { RoomState } from '../room-state.ts';

export type TroubleKind = 'noise' | OutOfStep;

/** The first sign counts. @returns the room with it */
export function noteTrouble(draft: Draft, state: RoomState, what: TroubleKind, seq: number): RoomState {
  // After noise that took the room's place, whoever made it may write there: that says nothing more.
  if (state.trouble !== undefined || state.stuck !== undefined || state.planted?.seq === 0n) return state;
  const next: RoomState = { ...state, trouble: { what, atMs: BigInt(draft.device.now()), askedMs: 0n, seq: BigInt(seq) } };
  draft.rooms.set(state.id, next);
  draft.emit({ changed: 'rooms' });
  return next;
}

/** How a room is, in what people are told. */
export function healthOf({ room, stuck, trouble }: RoomState, person: (key: Uint8Array) => Person): RoomHealth {
  if (!room.active) return { is: 'fine' };
  const asked = (trouble?.askedMs ?? 0n) > 0n;
  if (stuck !== undefined) return { is: 'mending', by: stuck.by.length === 32 ? person(stuck.by) : undefined, asked };
  if (trouble === undefined) return { is: 'fine' };
  const since = Number(trouble.atMs);
  if (trouble.what === 'noise') return { is: 'stuck', since, asked };
  return { is: 'out-of-step', why: trouble.what === 'missed-messages' ? 'missed-messages' : 'missed-change', since, asked };
}
