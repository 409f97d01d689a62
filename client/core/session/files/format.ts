/**
 * A file as a blob: sealed in pieces, each of which is one chunk on the wire. docs/protocol/blobs.md has the layout,
 * decision 0020 why each piece stands alone.
 *
 *   plain  = length (8 bytes, big endian) || content || zeros, cut into pieces of 1 MiB - 40 bytes, the last one shorter
 *   sealed = nonce (24) || XChaCha20-Poly1305 of a piece, its place as additional data
 *   digest = d(n), where d(0) = BLAKE2b(label) and d(i + 1) = BLAKE2b(d(i) || BLAKE2b(piece i))
 */
import { LIMITS } from '#shared/limits.ts';
import { chunkSize, chunksOf, padme } from '#shared/padme.ts';
import { SEAL_OVERHEAD, blake2b, concatBytes, seal, unseal, utf8 } from '#shared/sodium.ts';

const LENGTH_BYTES = 8;
const PIECE = LIMITS.blobChunk - SEAL_OVERHEAD;
const LABELS = { piece: 'thicket/1 file piece', digest: 'thicket/1 file digest' } as const;

/** How a file of some size lies at the relay. */
export interface Layout {
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes of the blob. */
  readonly sealed: number;
  readonly pieces: number;
}

/** @returns undefined for a file that is too large, or a size that is none */
export function layoutOf(size: number): Layout | undefined {
  if (!Number.isSafeInteger(size) || size < 0 || size > LIMITS.blob) return undefined;
  let sealed = LIMITS.blobFloor;
  // Padding may add a chunk, and a chunk its overhead: a step or two until it holds.
  while (sealed - chunksOf(sealed) * SEAL_OVERHEAD < LENGTH_BYTES + size) sealed = padme(Math.max(sealed + 1, LENGTH_BYTES + size + chunksOf(sealed) * SEAL_OVERHEAD));
  return sealed > LIMITS.blob ? undefined : { size, sealed, pieces: chunksOf(sealed) };
}

/** The part of the file that a piece holds, as bytes from `from` to `to`; empty where the piece is padding alone. */
export function spanOf({ size }: Layout, index: number): { from: number; to: number } {
  const from = Math.min(size, Math.max(0, index * PIECE - LENGTH_BYTES));
  return { from, to: Math.min(size, (index + 1) * PIECE - LENGTH_BYTES) };
}

/** @param content what spanOf() says. @returns the piece, padded */
export function pieceOf(layout: Layout, index: number, content: Uint8Array): Uint8Array {
  const piece = new Uint8Array(chunkSize(layout.sealed, index) - SEAL_OVERHEAD);
  if (index === 0) new DataView(piece.buffer).setBigUint64(0, BigInt(layout.size));
  piece.set(content, index === 0 ? LENGTH_BYTES : 0);
  return piece;
}

/** @returns the part of the file in it; undefined if the piece does not have the one form it may have */
export function contentOf(layout: Layout, index: number, piece: Uint8Array): Uint8Array | undefined {
  const { from, to } = spanOf(layout, index);
  const start = index === 0 ? LENGTH_BYTES : 0;
  if (piece.length !== chunkSize(layout.sealed, index) - SEAL_OVERHEAD) return undefined;
  if (index === 0 && new DataView(piece.buffer, piece.byteOffset).getBigUint64(0) !== BigInt(layout.size)) return undefined;
  let rest = 0;
  for (let at = start + to - from; at < piece.length; at += 1) rest |= piece[at] as number;
  return rest === 0 ? piece.subarray(start, start + to - from) : undefined;
}

/** A fresh nonce each time: sealed again after a cut, even from a file that was changed, it never meets the same one. */
export const sealPiece = (key: Uint8Array, layout: Layout, index: number, piece: Uint8Array): Uint8Array => seal(key, piece, placeOf(layout, index));

/** @returns undefined if it is not this very piece of a file of this very length */
export const openPiece = (key: Uint8Array, layout: Layout, index: number, sealed: Uint8Array): Uint8Array | undefined =>
  unseal(key, sealed, placeOf(layout, index));

/** label || 0x00 || index (4 bytes, big endian) || number of pieces (4) */
function placeOf({ pieces }: Layout, index: number): Uint8Array {
  const numbers = new Uint8Array(8);
  new DataView(numbers.buffer).setUint32(0, index);
  new DataView(numbers.buffer).setUint32(4, pieces);
  return concatBytes(utf8(LABELS.piece), Uint8Array.of(0), numbers);
}

export const emptyDigest = (): Uint8Array => blake2b(utf8(LABELS.digest));
export const nextDigest = (before: Uint8Array, piece: Uint8Array): Uint8Array => blake2b(concatBytes(before, blake2b(piece)));
