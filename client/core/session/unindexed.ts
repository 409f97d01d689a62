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

/** Pieces of the index that a draft has found already, by scope: each is the first one from any place of its stretch. */
const found = new WeakMap<Draft, Map<string, { readonly from: number; readonly order: number }[]>>();

/**
 * The texts at these places are changed, deleted or gone by this draft: no piece of the index holds a word of them once it
 * is durable. DraftHistory calls it wherever an item is replaced, so nobody else has to.
 * @param scope of the messages: a room, or a thread's
 */
export async function forgetMessages(draft: Draft, scope: string, places: readonly number[]): Promise<void> {
  countForgotten(draft, scope);
  for (const place of places) await dropPiece(draft, scope, place);
  toBeIndexed(draft, scope);
}

/** The whole scope goes by this draft, and the index of it in the same transaction. */
export function forgetScope(draft: Draft, scope: string): void {
  countForgotten(draft, scope);
  draft.also({ deleteScope: { collection: 'search', scope } });
  draft.unindexed.delete(scope);
}

/** Now, and again once it is durable: a piece that was made from what was read before or in between is not kept. */
function countForgotten(draft: Draft, scope: string): void {
  const { index } = draft.device;
  const count = () => {
    index.forgotten.set(scope, (index.forgotten.get(scope) ?? 0) + 1);
    index.onForgotten(scope);
  };
  count();
  draft.afterwards(count);
}

/** A piece stands at the place of the last message it covers. */
async function dropPiece(draft: Draft, scope: string, place: number): Promise<void> {
  const scopes = found.get(draft) ?? new Map<string, { readonly from: number; readonly order: number }[]>();
  found.set(draft, scopes);
  const known = scopes.get(scope) ?? [];
  scopes.set(scope, known);
  if (known.some(({ from, order }) => from <= place && place <= order)) return;
  const piece = await draft.entries.firstFrom('search', scope, place);
  if (piece === undefined) return;
  draft.entries.delete({ collection: 'search', scope, order: piece.order });
  known.push({ from: place, order: piece.order });
  draft.entries.onUndo(() => known.pop());
}

/** History was brought in otherwise than by drafts, or in the middle: the index is built anew. */
export function indexAnew(draft: Draft): void {
  draft.also({ delete: VERSION_KEY });
  draft.afterwards(() => {
    draft.device.index.whole = false;
    draft.device.wake.index('');
  });
}
