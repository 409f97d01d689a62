/**
 * Sizes of blobs. PADMÉ (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: "Reducing Metadata Leakage from Encrypted Files
 * and Communication with PURBs", PoPETs 2019, section 4): a length L has exponent E = floor(log2 L), and as many of its
 * lowest bits are rounded up to zero as leave floor(log2 E) + 1 bits of mantissa. A file of L bytes then tells
 * O(log log L) bits of its length and grows by at most 12 %.
 */
import { LIMITS } from './limits.ts';

/** The smallest PADMÉ size that holds `length` bytes. Division instead of shifts, because lengths pass 2^32. */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const unit = 2 ** Math.max(0, exponent - floorLog2(exponent) - 1);
  return Math.ceil(length / unit) * unit;
}

// Math.log2 rounds: just below a large power of two it gives the power.
function floorLog2(value: number): number {
  const guess = Math.floor(Math.log2(value));
  return 2 ** guess > value ? guess - 1 : guess;
}

/** Whether a blob may have this size, in bytes. */
export const isBlobSize = (size: number): boolean =>
  Number.isSafeInteger(size) && size >= LIMITS.blobFloor && size <= LIMITS.blob && padme(size) === size;

/** How many chunks a blob of this size has. */
export const chunksOf = (size: number): number => Math.ceil(size / LIMITS.blobChunk);

/** Bytes of a chunk; all are full but the last. */
export const chunkSize = (size: number, index: number): number =>
  Math.min(LIMITS.blobChunk, size - index * LIMITS.blobChunk);
