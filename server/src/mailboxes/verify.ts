/** Ed25519 (RFC 8032) on Node's own OpenSSL, off the main thread. */
import { type KeyObject, createPublicKey, verify } from 'node:crypto';
import type { PostVerifyKey, Signature } from '#shared/ids.ts';

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** False for a wrong signature and for a key that is no point of the curve. */
export async function verifies(key: PostVerifyKey, message: Uint8Array, signature: Signature): Promise<boolean> {
  const imported = importKey(key);
  if (imported === undefined) return false;
  return new Promise((resolve) => {
    verify(null, message, imported, signature, (error, valid) => resolve(error === null && valid));
  });
}

/** Reading a key costs about as much as half a check, and a room posts with the same key until its next commit. */
const KEPT = 4_096;
const kept = new Map<string, KeyObject>();

function importKey(key: PostVerifyKey): KeyObject | undefined {
  const name = Buffer.from(key).toString('latin1');
  const known = kept.get(name);
  if (known !== undefined) return known;
  const imported = importNew(key);
  if (imported === undefined) return undefined;
  // The oldest goes; who is still needed comes back.
  const [oldest] = kept.size < KEPT ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(name, imported);
  return imported;
}

function importNew(key: PostVerifyKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
