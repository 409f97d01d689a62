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

export const placeOf = (item: StoredItem): number => Number(item.place);

/** @param scope a room, or a thread of one @param items in their order, all after what is there */
export function historyChanges(scope: string, items: readonly StoredItem[]): VaultChange[] {
  const changes: VaultChange[] = [];
  for (let first = 0; first < items.length; first += LONGEST_RUN) {
    const run = items.slice(first, first + LONGEST_RUN);
    changes.push({ put: { collection: 'messages', scope, order: placeOf(run.at(-1) as StoredItem) }, value: runBytes(run) });
  }
  return changes;
}

export const runBytes = (items: StoredItem[]): Uint8Array => toBinary(StoredRunSchema, create(StoredRunSchema, { items }));
export const runItems = (value: Uint8Array): StoredItem[] => fromBinary(StoredRunSchema, value).items;

/** Items of a room or a thread by place; `from` and `to` are inclusive. */
export async function readHistory(
  vault: Vault, scope: string, { from = 0, to, limit = Number.POSITIVE_INFINITY, newestFirst = false }: { from?: number; to?: number; limit?: number; newestFirst?: boolean } = {},
): Promise<StoredItem[]> {
  // An entry stands at the place of its last item, so that what `to` cuts through stands behind it.
  const cut = to === undefined ? [] : await vault.range('messages', scope, { from: to + 1, limit: 1 });
  const found: StoredItem[] = [];
  const take = (entries: readonly { value: Uint8Array }[]) => {
    for (const { value } of entries) {
      const wanted = runItems(value).filter((item) => placeOf(item) >= from && placeOf(item) <= (to ?? Number.MAX_SAFE_INTEGER));
      found.push(...(newestFirst ? wanted.reverse() : wanted));
      if (found.length >= limit) return;
    }
  };
  if (newestFirst) take(cut);
  // A page may stand in one entry, or each of its items in one of its own.
  let bounds = { from, to };
  let entries = Number.isFinite(limit) ? 2 : Number.MAX_SAFE_INTEGER;
  while (found.length < limit && bounds.from <= (bounds.to ?? Number.MAX_SAFE_INTEGER)) {
    const before = found.length;
    const whole = await vault.range('messages', scope, {
      from: bounds.from, newestFirst, ...(bounds.to !== undefined && { to: bounds.to }), ...(entries < Number.MAX_SAFE_INTEGER && { limit: entries }),
    });
    take(whole);
    const last = whole.at(-1);
    if (last === undefined || whole.length < entries) break;
    bounds = newestFirst ? { from, to: last.order - 1 } : { from: last.order + 1, to };
    // As many as will do if they are as long as these.
    entries = Math.max(2 * entries, Math.ceil(((limit - found.length) * entries) / Math.max(1, found.length - before)));
  }
  if (!newestFirst && found.length < limit) take(cut);
  return found.slice(0, limit);
}

// ---------------------------------------------------------------- which messages there were

/** @param keys (memory.ts) of what came into a room and its threads @param order the last place among them */
export const keysChange = (room: string, order: number, keys: readonly string[]): VaultChange => ({
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

/** Keys of the latest messages of a room, oldest first. @returns also whether that is all, and the last place of a message */
export async function latestKeys(vault: Vault, room: string, most: number): Promise<{ keys: string[]; all: boolean; last: number }> {
  const entries = await vault.range('message-ids', room, { newestFirst: true, limit: most });
  const keys: string[] = [];
  let read = 0;
  for (; read < entries.length && keys.length < most; read += 1) keys.push(...keysIn(hex((entries[read] as { value: Uint8Array }).value)).reverse());
  return { keys: keys.slice(0, most).reverse(), all: keys.length < most && entries.length < most, last: entries[0]?.order ?? -1 };
}

const keysIn = (text: string): string[] =>
  Array.from({ length: text.length / (2 * MESSAGE_KEY_BYTES) }, (_, index) => text.slice(index * 2 * MESSAGE_KEY_BYTES, (index + 1) * 2 * MESSAGE_KEY_BYTES));
