/**
 * What the search index does not hold, and how something leaves it. The index itself (search/) is loaded when it is first
 * needed; this much of it is part of every draft, so that a text that goes is gone from the index in the same transaction.
 *
 * Under scope '' of the collection `search` stands an entry for each message scope that has something to be indexed, and at
 * order 0 the version of the index: where it is missing or another, the index is built anew from history.
 */
import { sha256, utf8 } from '#shared/sodium.ts';
import type { Vault, VaultChange, VaultKey } from '../vault/port.ts';
import type { Device } from './device.ts';
import type { Draft } from './draft.ts';

export const INDEX_VERSION = 1;
const VERSION_KEY: VaultKey = { collection: 'search', scope: '', order: 0 };
/** The name of a scope is hashed to a place: two of the same only cost that one of them is indexed later. */
const MARK_BYTES = 6;

/** What is known of the index without loading it. */
export interface IndexState {
  /** False: there is none, or one of another version. */
  whole: boolean;
  /** Counts up when something of a scope is to leave, and again once it has: who reads in between has read too early. */
  readonly forgotten: Map<string, number>;
  /** Of whoever holds pieces of the index in memory. */
  onForgotten: (scope: string) => void;
}
export const newIndexState = (): IndexState => ({ whole: false, forgotten: new Map(), onForgotten: () => undefined });

/** Reads the marks of a vault into the device. */
export async function loadUnindexed(vault: Vault, device: Pick<Device, 'unindexed' | 'index'>): Promise<void> {
  const mark = (scope: string) => device.unindexed.set(scope, scope);
  for (const { order, value } of await vault.range('search', '')) {
    if (order === VERSION_KEY.order) device.index.whole = value[0] === INDEX_VERSION;
    else mark(new TextDecoder().decode(value));
  }
}

export function markKey(scope: string): VaultKey {
  const place = sha256(utf8(scope)).subarray(0, MARK_BYTES).reduce((sum, byte) => sum * 256 + byte, 0);
  return { collection: 'search', scope: '', order: 1 + place };
}
export const versionChange = (): VaultChange => ({ put: VERSION_KEY, value: Uint8Array.of(INDEX_VERSION) });

/** Something was put into this scope that is to be found. */
export function toBeIndexed(draft: Draft, scope: string): void {
  if (draft.unindexed.get(scope) === undefined) draft.unindexed.set(scope, scope);
  draft.afterwards(() => draft.device.wake.index(scope));
}

/**
 * The texts at these places are changed, deleted or gone by this draft: no piece of the index holds a word of them once it
 * is durable. To be called by whoever changes what history says of a message.
 * @param scope of the messages: a room, or a thread's
 */
export async function forgetMessages(draft: Draft, scope: string, places: readonly number[]): Promise<void> {
  const { index, vault } = draft.device;
  const count = () => {
    index.forgotten.set(scope, (index.forgotten.get(scope) ?? 0) + 1);
    index.onForgotten(scope);
  };
  count();
  const pieces = new Set<number>();
  for (const place of places) {
    // A piece stands at the place of the last message it covers.
    const [piece] = await vault.range('search', scope, { from: place, limit: 1 });
    if (piece !== undefined) pieces.add(piece.order);
  }
  for (const order of pieces) draft.also({ delete: { collection: 'search', scope, order } });
  toBeIndexed(draft, scope);
  draft.afterwards(count);
}

/** History was brought in otherwise than by drafts, or in the middle: the index is built anew. */
export function indexAnew(draft: Draft): void {
  draft.also({ delete: VERSION_KEY });
  draft.afterwards(() => {
    draft.device.index.whole = false;
    draft.device.wake.index('');
  });
}
