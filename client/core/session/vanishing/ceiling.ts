/**
 * The longest that anything stays, as the hub's stewards set it, holds for what is there already: where it is new to this
 * device, or where history came in otherwise than by the log, everything is gone through once.
 */
import { create } from '@bufbuild/protobuf';
import { StoredItemSchema, type StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Device } from '../device.ts';
import { placeOf, readHistory } from '../history.ts';
import { scopesOf, type MessageScope } from '../rooms/scopes.ts';
import { schedule } from './due.ts';

/** The ceiling that history was gone through with, seconds. Whoever brings in history takes it away. */
export const CEILING_KEY = { collection: 'settings', scope: 'longest-keep', order: 0 } as const;

export async function applyCeiling(device: Device): Promise<void> {
  const ceiling = device.bulletin?.facts.longestKeepS ?? 0;
  const applied = await device.vault.get(CEILING_KEY);
  if (applied !== undefined && numberFrom(applied) === ceiling) return;
  // A profile that was just made: nothing is written down for it before it is anybody's.
  if (ceiling === 0 && device.rooms.size === 0) return;
  for (const room of [...device.rooms.keys()]) {
    for (const scope of await scopesOf(device.vault, room)) await applyTo(device, room, scope, ceiling);
  }
  await device.change(async (draft) => draft.entries.put(CEILING_KEY, bytesOf(ceiling)));
}

async function applyTo(device: Device, room: string, { scope, root }: MessageScope, ceiling: number): Promise<void> {
  await device.change(async (draft) => {
    for (const item of await readHistory(device.vault, scope)) {
      if (item.item.case !== 'message') continue;
      const message = item.item.value;
      const due = dueUnder(message, ceiling, device.now());
      if (due !== Number(message.vanishesAtMs)) {
        await draft.history.replace(scope, placeOf(item), create(StoredItemSchema, { ...item, item: { case: 'message', value: { ...message, vanishesAtMs: BigInt(due) } } }));
      }
      await schedule(draft, { room, scope, place: placeOf(item), root }, due);
    }
  });
}

function dueUnder({ sentAtMs, vanishesAtMs }: StoredMessage, ceiling: number, now: number): number {
  const known = Number(vanishesAtMs);
  if (ceiling === 0) return known;
  const latest = Math.min(Number(sentAtMs), now) + ceiling * 1000;
  return known === 0 ? latest : Math.min(known, latest);
}

const bytesOf = (value: number): Uint8Array => new TextEncoder().encode(String(value));
const numberFrom = (bytes: Uint8Array): number => Number(new TextDecoder().decode(bytes));
