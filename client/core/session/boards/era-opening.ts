/** The beginning of an era: its secret, sealed to each node that covers readers. docs/protocol/boards.md. */
import { HANDSHAKE_BODY_SIZES } from '#shared/limits.ts';
import { concatBytes, deriveKey, hex, randomBytes, seal, SEAL_OVERHEAD, unseal } from '#shared/sodium.ts';
import { coverOf, type Leaf } from '../../domain/boards/cover.ts';
import { nodeKey, type Tree } from './tree-keys.ts';

const TAG_BYTES = 8;
const SECRET_BYTES = 32;
const ENTRY_BYTES = TAG_BYTES + SEAL_OVERHEAD + SECRET_BYTES;

export interface Opening {
  readonly board: Uint8Array;
  /** The era that begins. */
  readonly era: number;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/**
 * @param tree its keys of the era before are used: what readers hold when they come to this record
 * @returns the body of the commit, of one of the sizes of commits; undefined where more were removed than fit
 */
export function sealOpening(tree: Tree, { board, era, secret }: Opening, readers: readonly Leaf[], removed: readonly Leaf[]): Uint8Array | undefined {
  const cover = coverOf(readers, removed);
  const size = HANDSHAKE_BODY_SIZES.find((allowed) => cover.length * ENTRY_BYTES <= allowed);
  if (size === undefined) return undefined;
  const entries = cover.map((node) => {
    const key = nodeKey(tree, node, era - 1);
    return concatBytes(tagOf(key, board, era), seal(openingKey(key), secret, context(board, era)));
  });
  const places = Math.floor(size / ENTRY_BYTES);
  const body = randomBytes(size);
  for (const [index, place] of choosePlaces(places, entries.length).entries()) body.set(entries[index] as Uint8Array, place * ENTRY_BYTES);
  return body;
}

/** @param pathKeys a reader's, of the era before @returns the era's secret, or undefined for whoever is not among its readers */
export function openOpening(pathKeys: readonly Uint8Array[], board: Uint8Array, era: number, body: Uint8Array): Uint8Array | undefined {
  const keys = new Map(pathKeys.map((key) => [hex(tagOf(key, board, era)), key]));
  for (let at = 0; at + ENTRY_BYTES <= body.length; at += ENTRY_BYTES) {
    const key = keys.get(hex(body.subarray(at, at + TAG_BYTES)));
    const secret = key && unseal(openingKey(key), body.subarray(at + TAG_BYTES, at + ENTRY_BYTES), context(board, era));
    if (secret !== undefined) return secret;
  }
  return undefined;
}

const context = (board: Uint8Array, era: number): Uint8Array => {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(era));
  return concatBytes(board, number);
};
const tagOf = (key: Uint8Array, board: Uint8Array, era: number): Uint8Array => deriveKey(key, 'thicket/1 board tag', context(board, era), TAG_BYTES);
const openingKey = (key: Uint8Array): Uint8Array => deriveKey(key, 'thicket/1 board opening');

/** So many different places of these, by chance: the order of the entries says nothing of the tree. */
function choosePlaces(places: number, wanted: number): number[] {
  const all = Array.from({ length: places }, (_, place) => place);
  const chosen = new Uint32Array(wanted);
  for (let at = 0; at < wanted; at += 4096) globalThis.crypto.getRandomValues(chosen.subarray(at, Math.min(at + 4096, wanted)));
  for (let index = 0; index < wanted; index += 1) {
    const other = index + ((chosen[index] as number) % (places - index));
    [all[index], all[other]] = [all[other] as number, all[index] as number];
  }
  return all.slice(0, wanted);
}
