/** SQLite's result codes, and those of the file system below it, as the vault's failures. */
import { VaultFailure, type VaultFailureCode } from './port.ts';

/** Primary result codes: https://sqlite.org/rescode.html */
const BY_RESULT: ReadonlyMap<number, VaultFailureCode> = new Map([
  [5, 'in-use'], // SQLITE_BUSY
  [6, 'in-use'], // SQLITE_LOCKED
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'storage-full'], // SQLITE_FULL
  [26, 'damaged'], // SQLITE_NOTADB
]);
const FULL_DISK: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** @returns the failure that says the same; whatever is not known is `storage-unavailable`. */
export function sqliteFailure(error: unknown): VaultFailure {
  if (error instanceof VaultFailure) return error;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  // Extended codes carry the primary one in their low byte.
  if (typeof errcode === 'number') return new VaultFailure(BY_RESULT.get(errcode & 0xff) ?? 'storage-unavailable', { cause: error });
  return new VaultFailure(FULL_DISK.has(code) ? 'storage-full' : 'storage-unavailable', { cause: error });
}
