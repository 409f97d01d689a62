/** What a device keeps of a board, and what follows from it. */
import { create, fromBinary } from '@bufbuild/protobuf';
import { deriveKey, fromHex, hex, type KemKeyPair } from '#shared/sodium.ts';
import type { BoardSecrets } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import type { BoardEntry } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredAnnouncementSchema, StoredBoardSchema, StoredBoard_Reading as Reading, type StoredBoard } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { leafBytes } from '../../domain/boards/cover.ts';
import { entryOf } from '../../domain/boards/entry.ts';
import type { Signer } from '../../domain/signing.ts';
import type { Vault } from '../../vault/port.ts';
import { SessionFailure, type BoardId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { signerFrom } from '../signer.ts';
import { askingKeys, firstChain, outerKey } from './board-keys.ts';
import { chainFromNow, type EraKeys } from './board-record.ts';
import { leafOf, pathKeys, type Tree } from './tree-keys.ts';

export { Reading };
const BOARD_BYTES = 16;

export async function loadBoards(vault: Vault, device: Device): Promise<void> {
  for (const { scope, value } of await vault.all('boards')) device.boards.set(scope, fromBinary(StoredBoardSchema, value));
  for (const { scope, order, value } of await vault.all('announcements')) {
    device.announcementSeqs.set(announcementKey(scope, fromBinary(StoredAnnouncementSchema, value).id), order);
  }
}

export const announcementKey = (board: BoardId, id: Uint8Array): string => `${board}/${hex(id)}`;

/** @throws SessionFailure `unknown-board` */
export function boardBytes(board: BoardId): Uint8Array {
  const bytes = fromHex(board);
  if (bytes?.length !== BOARD_BYTES) throw new SessionFailure('unknown-board');
  return bytes;
}

/** Of boards this person never had to do with as well, as long as the bulletin names them. */
export const boardIn = (draft: Draft, board: BoardId): StoredBoard =>
  draft.boards.get(board) ?? create(StoredBoardSchema, { board: boardBytes(board) });

/** @throws SessionFailure `unknown-board` */
export function entryIn({ constitution }: Draft | Device, board: BoardId): BoardEntry {
  const entry = entryOf(constitution.facts.boards, boardBytes(board));
  if (entry === undefined) throw new SessionFailure('unknown-board');
  return entry;
}

/** The keys of its present era. */
export const eraKeysOf = ({ board, outerKey: outer, chain, chainFrom, chainNext }: StoredBoard): EraKeys =>
  ({ board, outer, chain: { from: chainFrom, key: chain, next: chainNext } });

export const withChain = (state: StoredBoard, { from, key, next }: EraKeys['chain']): StoredBoard => ({ ...state, chain: key, chainFrom: from, chainNext: next });

/** At the beginning of an era. @param nodeKeys of that era */
export const inEra = (state: StoredBoard, era: number, secret: Uint8Array, nodeKeys: readonly Uint8Array[]): StoredBoard => ({
  ...state, era: BigInt(era), nodeKeys: [...nodeKeys], outerKey: outerKey(secret, state.board), chain: firstChain(secret, state.board), chainFrom: 0, chainNext: 0,
});

// ---------------------------------------------------------------- the desk

export const treeOf = ({ treeSecret, treeEra, masks }: BoardSecrets): Tree =>
  ({ secret: treeSecret, since: Number(treeEra), masks: new Map(masks.map(({ era, mask }) => [Number(era), mask])) });

/** What may post into the board's mailbox in the era of this secret. Readers have that secret, and not the desk's. */
export const postSignerOf = ({ deskSecret, board }: BoardSecrets, eraSecret: Uint8Array): Signer =>
  signerFrom(deriveKey(deskSecret, 'thicket/1 board post', Uint8Array.from([...board, ...eraSecret])));

export const askingKeysOf = ({ askingSeed }: BoardSecrets): KemKeyPair => askingKeys(askingSeed);

/** A coordinator reads by what the desk knows. */
export const asCoordinator = (state: StoredBoard, secrets: BoardSecrets, memberKey: Uint8Array): StoredBoard => {
  const tree = treeOf(secrets);
  const era = Number(secrets.era);
  const leaf = leafOf(tree, memberKey);
  const begun = inEra({ ...state, secrets, reading: Reading.YES, leaf: leafBytes(leaf) }, era, secrets.eraSecret, pathKeys(tree, leaf, era));
  return withChain(begun, chainFromNow({ ...eraKeysOf(begun).chain, next: secrets.n }));
};

/** @throws SessionFailure `not-allowed` for who is not at its desk */
export function secretsOf(state: StoredBoard | undefined): BoardSecrets {
  if (state?.secrets === undefined) throw new SessionFailure('not-allowed');
  return state.secrets;
}
