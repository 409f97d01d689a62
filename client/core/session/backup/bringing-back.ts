/**
 * Somebody came back with a new device: in the rooms this person looks after, the devices they had before go and the new one
 * comes. What is still to do is kept until it is done, since the new device has to be heard of first.
 */
import { fromHex, hex } from '#shared/sodium.ts';
import { SessionFailure, type MemberId, type RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { asSessionFailure, isPassing } from '../failure.ts';
import { namedMember } from '../judging.ts';
import { mayAddPeople, mayRemove } from '../../domain/room-roles.ts';
import { roleIn } from '../admins.ts';
import { isOwnRoom } from '../devices/own-room.ts';
import { settingsOf } from '../room-state.ts';
import type { RoomChanges } from '../room-changes.ts';

/** room (16) || member key (32) || leaf key (32), one behind the other */
const ENTRY = 80;
const KEY = { collection: 'settings', scope: 'coming back', order: 0 } as const;

/** Asking for a device that is not heard of yet costs postage each time, so it is asked for less and less often. */
const FIRST_TRY_MS = 500;
const LONGEST_TRY_MS = 30 * 60_000;
const rests = new WeakMap<Device, { readonly until: number; readonly pause: number }>();

interface Owed {
  readonly room: string;
  /** Who comes. */
  readonly member: MemberId;
  /** A device that goes. */
  readonly leaf: string;
}

/**
 * To be brought back, wherever they were when this was written down.
 * @param instead the key they had there: their own, or, where they lost it with every device, another
 * @param only in this room
 */
export async function oweReturn(draft: Draft, member: MemberId, instead: MemberId = member, only?: RoomId): Promise<void> {
  const owed: Owed[] = [];
  for (const [room, state] of draft.rooms.entries()) {
    if (!state.room.active || isOwnRoom(state) || (only !== undefined && room !== only)) continue;
    for (const leaf of state.room.leaves) if (hex(namedMember(leaf)) === instead) owed.push({ room, member, leaf: hex(leaf.leafKey) });
  }
  const before = read(await draft.entries.get(KEY)).filter((one) => one.member !== member || (only !== undefined && one.room !== only));
  write(draft, [...before, ...owed]);
}

/** @throws SessionFailure `unknown-room` | `not-allowed` | `not-a-member` */
export async function bringNewDevice(device: Device, room: RoomId, member: MemberId): Promise<void> {
  await device.change(async (draft) => {
    const state = draft.rooms.get(room);
    if (state === undefined) throw new SessionFailure('unknown-room');
    const key = state.room.leaves.map(namedMember).find((one) => hex(one) === member);
    if (key === undefined || member === device.memberId) throw new SessionFailure('not-a-member');
    const mine = roleIn(state.room, device.member.key);
    if (!mayRemove(mine, roleIn(state.room, key) ?? 'member') || !mayAddPeople(mine, settingsOf(state.room).mayAdd)) throw new SessionFailure('not-allowed');
    await oweReturn(draft, member, member, room);
    draft.afterwards(() => {
      rests.delete(device);
      device.wake.returning();
    });
  });
}

/**
 * Somebody's devices here look as if they were lost: none of them is in any other room shared with them, and there are others there.
 * @param leaves of one member, by room
 */
export function looksLost(room: RoomId, leaves: ReadonlyMap<RoomId, readonly string[]>): boolean {
  const here = leaves.get(room) ?? [];
  const elsewhere = [...leaves].flatMap(([other, keys]) => (other === room ? [] : keys));
  return here.length > 0 && elsewhere.length > 0 && !here.some((key) => elsewhere.includes(key));
}

/** @throws SessionFailure while something is still to do that may succeed later */
export async function bringBack(device: Device, changes: RoomChanges): Promise<void> {
  const rest = rests.get(device);
  if (rest !== undefined && rest.until > device.now()) throw new SessionFailure('relay-busy');
  const owed = read(await device.vault.get(KEY));
  let later: unknown;
  for (const { room, member } of uniqueBy(owed)) {
    try {
      await bringInto(device, changes, { room, member, old: owed.filter((one) => one.room === room && one.member === member).map(({ leaf }) => leaf) });
      await device.change(async (draft) => write(draft, read(await draft.entries.get(KEY)).filter((one) => one.room !== room || one.member !== member)));
    } catch (thrown) {
      const { code } = asSessionFailure(thrown);
      if (isPassing(thrown) || code === 'member-unreachable') later = thrown;
      // Not for this person to do: an admin is shown a button.
      else await device.change(async (draft) => write(draft, read(await draft.entries.get(KEY)).filter((one) => one.room !== room || one.member !== member)));
    }
  }
  if (later === undefined) {
    rests.delete(device);
    return;
  }
  const pause = Math.min((rest?.pause ?? FIRST_TRY_MS / 2) * 2, LONGEST_TRY_MS);
  rests.set(device, { pause, until: device.now() + pause });
  throw new SessionFailure('relay-busy', { cause: later });
}

async function bringInto(device: Device, changes: RoomChanges, { room, member, old }: { room: string; member: MemberId; old: readonly string[] }): Promise<void> {
  const leaves = () => device.rooms.get(room)?.room.leaves ?? [];
  if (device.rooms.get(room)?.room.active !== true) return;
  const going = new Set(leaves().filter(({ leafKey }) => old.includes(hex(leafKey))).map((leaf) => hex(namedMember(leaf))));
  for (const one of going) await changes.remove(room, one);
  if (!leaves().some((leaf) => hex(namedMember(leaf)) === member)) await changes.add(room, member);
}

const uniqueBy = (owed: readonly Owed[]): Owed[] => [...new Map(owed.map((one) => [`${one.room} ${one.member}`, one])).values()];

function read(bytes: Uint8Array | undefined): Owed[] {
  const part = (at: number, length: number) => hex((bytes as Uint8Array).slice(at, at + length));
  return Array.from({ length: Math.floor((bytes?.length ?? 0) / ENTRY) }, (_, index) =>
    ({ room: part(index * ENTRY, 16), member: part(index * ENTRY + 16, 32), leaf: part(index * ENTRY + 48, 32) }));
}

function write(draft: Draft, owed: readonly Owed[]): void {
  draft.entries.put(KEY, fromHex(owed.map(({ room, member, leaf }) => room + member + leaf).join('')) ?? new Uint8Array(0));
}
