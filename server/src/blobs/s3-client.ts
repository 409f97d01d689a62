/** The S3 client, and what can go wrong with it in the words of the one table. What the other end says goes nowhere: it may repeat the key it was asked with. */
import { S3ServiceError, S3mini } from 's3mini';
import { RelayRefusal } from '#shared/errors.ts';
import type { S3Settings } from '../config/s3.ts';

/** Milliseconds for one chunk, there or back. */
const TIMEOUT = 30_000;
const FULL = new Set(['QuotaExceeded', 'InsufficientCapacity', 'InsufficientStorage', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded']);
const INSUFFICIENT_STORAGE = 507;
const NOT_IMPLEMENTED = 501;

/** @param timeout milliseconds for one request; only tests pass another */
export const clientFor = ({ endpoint, bucket, region, accessKey, secretKey }: S3Settings, timeout = TIMEOUT): S3mini =>
  new S3mini({
    // The bucket in the path, not in the host's name: so it works without a wildcard in DNS.
    endpoint: `${endpoint}/${bucket}`, region, accessKeyId: accessKey, secretAccessKey: secretKey, requestAbortTimeout: timeout,
    // To nobody whom the operator did not name.
    fetch: (input, init) => fetch(input, { ...init, redirect: 'manual' }),
  });

/** Once more where it may help: a connection that was closed meanwhile, a server that is busy. @throws RelayRefusal storage-full, storage-unavailable */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!mayPass(error)) throw refusalFor(error);
  }
  try {
    return await work();
  } catch (error) {
    throw refusalFor(error);
  }
}

/** A word for the operator: an error code of S3, of the network, or "timeout". Never a sentence of the other end. */
export function reasonOf(error: unknown): string {
  const code = error instanceof S3ServiceError ? error.serviceCode : codeOf(error);
  if (isTimeout(error)) return 'timeout';
  const word = code !== undefined && /^[A-Za-z0-9_]{1,64}$/.test(code) && code !== 'Unknown' ? code : undefined;
  return word ?? (error instanceof S3ServiceError ? `HTTP ${error.status}` : 'no answer that could be read');
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

function mayPass(error: unknown): boolean {
  if (error instanceof S3ServiceError) return error.status >= 500 && error.status !== INSUFFICIENT_STORAGE && error.status !== NOT_IMPLEMENTED;
  return codeOf(error) !== undefined && !isTimeout(error);
}

function refusalFor(error: unknown): RelayRefusal {
  if (error instanceof RelayRefusal) return error;
  const full = error instanceof S3ServiceError && (error.status === INSUFFICIENT_STORAGE || FULL.has(error.serviceCode ?? ''));
  return new RelayRefusal(full ? 'storage-full' : 'storage-unavailable');
}

/** Node puts the code of a failed connection into the cause. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
