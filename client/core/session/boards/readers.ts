/** Who reads a board, as its desk knows: the readers of each leaf, those who wait for a coordinator, and those who were removed. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { hex } from '#shared/sodium.ts';
import { StoredReaderSchema, type StoredBoard, type StoredReader } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { BoardId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { secretsOf, treeOf } from './board-state.ts';
import { leafOf } from './tree-keys.ts';

const placeOf = (board: BoardId, leaf: number) => ({ collection: 'board-readers', scope: board, order: leaf }) as const;

const leafIn = (state: StoredBoard, member: Uint8Array): number => leafOf(treeOf(secretsOf(state)), member);

export async function readerIn(draft: Draft, state: StoredBoard, member: Uint8Array): Promise<StoredReader | undefined> {
  const value = await draft.entries.get(placeOf(hex(state.board), leafIn(state, member)));
  const stored = value && fromBinary(StoredReaderSchema, value);
  return stored !== undefined && sameBytes(stored.member, member) ? stored : undefined;
}

export async function putReader(draft: Draft, state: StoredBoard, member: Uint8Array, change: Partial<StoredReader>): Promise<StoredReader> {
  const known = (await readerIn(draft, state, member)) ?? create(StoredReaderSchema, { member });
  const reader = { ...known, ...change };
  draft.entries.put(placeOf(hex(state.board), leafIn(state, member)), toBinary(StoredReaderSchema, reader));
  draft.emit({ changed: 'desk', board: hex(state.board) });
  draft.emit({ changed: 'boards' });
  return reader;
}

export function dropReader(draft: Draft, state: StoredBoard, member: Uint8Array): void {
  draft.entries.delete(placeOf(hex(state.board), leafIn(state, member)));
  draft.emit({ changed: 'boards' });
}

/** All that the vault has of this board: thousands, so not kept in memory. */
export const allReaders = async (device: Device, board: BoardId): Promise<StoredReader[]> =>
  (await device.vault.range('board-readers', board)).map(({ value }) => fromBinary(StoredReaderSchema, value));

/** Those who are to be covered. */
export const isReading = ({ admitted, removed }: StoredReader): boolean => admitted && !removed;
