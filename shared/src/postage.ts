/**
 * What requests cost, the same on both sides: the device puts on what the relay asks for. One token is 64 KiB in the
 * log or in a pool, 4 MiB of a blob, or one of anything else that is stored or handed out.
 */
import { KiB, LIMITS } from './limits.ts';

/** week (4 bytes, big endian) || nonce (32) || output (64) */
export const TOKEN_BYTES = 100;
export const NONCE_BYTES = 32;
export const OUTPUT_BYTES = 64;

const LOG_BYTES_PER_TOKEN = 64 * KiB;

/** Tokens for a record whose body has so many bytes. */
export const recordCost = (bodyBytes: number): number => Math.max(1, Math.ceil(bodyBytes / LOG_BYTES_PER_TOKEN));

/** Tokens for a chunk of a blob; the first few are paid for when the blob is announced. */
export const chunkCost = (index: number): number => (index > 0 && index % LIMITS.chunksPerToken === 0 ? 1 : 0);

/** Tokens for filling a pool with so many bytes of key packages, the last-resort one among them; with nothing it costs one. */
export const poolCost = (packages: readonly Uint8Array[]): number => recordCost(packages.reduce((bytes, { length }) => bytes + length, 0));

/** Opening a mailbox, a blob or a meeting place; taking a key package. */
export const SINGLE_COST = 1;
