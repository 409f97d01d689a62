/**
 * What a failing database means to a device: no room left, not reachable just now, or a mistake of ours. Nothing of the
 * database's own text travels further.
 */
import { RelayRefusal } from '#shared/errors.ts';

/** Disk full, out of memory for the statement. https://www.postgresql.org/docs/17/errcodes-appendix.html */
const FULL = new Set(['53100', 'ENOSPC', 'EDQUOT']);
const UNAVAILABLE_CODES = new Set([
  '57P01', '57P02', '57P03', '57P05', // shut down, crashed, starting
  '57014', '55P03', '25P03', // statement, lock and idle timeouts
  '40001', '40P01', // serialisation, deadlock: the same request may succeed
  '53000', '53200', '53300', '58000', '58030', '3D000', '28000', '28P01', '25006',
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES',
]);
/** What node-postgres says without a code. */
const UNAVAILABLE_WORDS = /connection (terminated|error)|connection ended|timeout|not queryable|closed the connection|pool after calling end/i;

/** @returns the refusal for an error that the state of the database explains, undefined for any other */
export function storageRefusal(error: unknown): RelayRefusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return storageRefusal(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (FULL.has(code) || /no space left on device/i.test(error.message)) return new RelayRefusal('storage-full');
  if (UNAVAILABLE_CODES.has(code) || code.startsWith('08') || (code === '' && UNAVAILABLE_WORDS.test(error.message))) {
    return new RelayRefusal('storage-unavailable');
  }
  return undefined;
}
