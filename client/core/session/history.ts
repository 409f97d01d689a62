/**
 * What happened in rooms, as the vault keeps it. What one draft brings into a room stands in one entry: an entry costs a
 * device more than opening the message that is in it, so a page of them should not be a page of entries.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredRunSchema, type StoredItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import type { Vault, VaultChange } from '../vault/port.ts';
import type { Draft } from './draft.ts';
import { MESSAGE_KEY_BYTES } from './memory.ts';

/** Items in one entry. A page brings no more, what was put aside for a Welcome that came late may. */
const LONGEST_RUN = 128;
/** With more entries of message ids than this they are put together into one. */
const MOST_ENTRIES = 64;

const placeOf = (item: StoredItem): number => Number(item.place);

/**
 * @param items at least one, in their order, all after what is there
 * @param keys of the messages among them (memory.ts)
 */
export function historyChanges(room: string, items: readonly StoredItem[], keys: readonly string[]): VaultChange[] {
  const changes: VaultChange[] = [];
  for (let first = 0; first < items.length; first += LONGEST_RUN) changes.push(runChange(room, items.slice(first, first + LONGEST_RUN)));
  if (keys.length > 0) changes.push(keysChange(room, lastPlace(items), keys));
  return changes;
}

const lastPlace = (items: readonly StoredItem[]): number => placeOf(items.at(-1) as StoredItem);

const runChange = (room: string, items: StoredItem[]): VaultChange => ({
  put: { collection: 'messages', scope: room, order: lastPlace(items) }, value: toBinary(StoredRunSchema, create(StoredRunSchema, { items })),
});

/** Items of a room by place; `from` and `to` are inclusive. */
export async function readHistory(
  vault: Vault, room: string, { from = 0, to, limit = Number.POSITIVE_INFINITY, newestFirst = false }: { from?: number; to?: number; limit?: number; newestFirst?: boolean } = {},
): Promise<StoredItem[]> {
  // An entry stands at the place of its last item, so that what `to` cuts through stands behind it.
  const cut = to === undefined ? [] : await vault.range('messages', room, { from: to + 1, limit: 1 });
  const whole = await vault.range('messages', room, { from, newestFirst, ...(to !== undefined && { to }), ...(Number.isFinite(limit) && { limit }) });
  const found: StoredItem[] = [];
  for (const { value } of newestFirst ? [...cut, ...whole] : [...whole, ...cut]) {
    const { items } = fromBinary(StoredRunSchema, value);
    const wanted = items.filter((item) => placeOf(item) >= from && placeOf(item) <= (to ?? Number.MAX_SAFE_INTEGER));
    found.push(...(newestFirst ? wanted.reverse() : wanted));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

// ---------------------------------------------------------------- which messages there were

const keysChange = (room: string, order: number, keys: readonly string[]): VaultChange => ({
  put: { collection: 'message-ids', scope: room, order }, value: fromHex(keys.join('')) as Uint8Array,
});

/** Has the device remember every message of a room that is in the vault. Once a room and unlock, when one comes that may be old. */
export async function recallMessages(draft: Draft, room: string): Promise<void> {
  const entries = await draft.device.vault.range('message-ids', room);
  const keys = entries.flatMap(({ value }) => keysIn(hex(value)));
  draft.device.messageIds.recall(room, keys);
  const last = entries.at(-1);
  if (last === undefined || entries.length <= MOST_ENTRIES) return;
  // Not what came since: that may be on its way to the disk.
  draft.also({ deleteScope: { collection: 'message-ids', scope: room, to: last.order } });
  draft.also(keysChange(room, last.order, keys));
}

const keysIn = (text: string): string[] =>
  Array.from({ length: text.length / (2 * MESSAGE_KEY_BYTES) }, (_, index) => text.slice(index * 2 * MESSAGE_KEY_BYTES, (index + 1) * 2 * MESSAGE_KEY_BYTES));
