/**
 * The head of a backup file, and the key that opens what follows (docs/protocol/backup.md):
 *
 *   "THKB" || version (1) || operations (4) || memory in KiB (4) || salt (16) || archive
 *
 * The archive's key is Argon2id (RFC 9106) of the 16 bytes of the recovery phrase; the head is bound to every piece of it.
 */
import { argon2id, concatBytes, deriveKey, equalBytes, randomBytes, utf8, zero, type Argon2Cost } from '#shared/sodium.ts';
import { SessionFailure, type FileSource } from '../api.ts';

const MAGIC = utf8('THKB');
const VERSION = 1;
const SALT = 16;
export const HEAD_BYTES = MAGIC.length + 1 + 4 + 4 + SALT;
const COST: Argon2Cost = { operations: 3, memory: 64 * 1024 * 1024 };
/** A head that asks for more would freeze the device. */
const HIGHEST: Argon2Cost = { operations: 16, memory: 512 * 1024 * 1024 };

export interface OpenedHead {
  readonly key: Uint8Array;
  readonly binding: Uint8Array;
}

export function newHead(entropy: Uint8Array): OpenedHead & { readonly head: Uint8Array } {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  head.set(MAGIC);
  head[4] = VERSION;
  view.setUint32(5, COST.operations);
  view.setUint32(9, COST.memory / 1024);
  head.set(randomBytes(SALT), 13);
  return { head, binding: bindingOf(head), key: keyFrom(entropy, head, COST) };
}

/** @throws SessionFailure `not-a-backup` | `archive-newer` | `file-unreadable` */
export async function openHead(source: FileSource, entropy: Uint8Array): Promise<OpenedHead> {
  const head = await read(source);
  if (head.length < HEAD_BYTES || !equalBytes(head.slice(0, MAGIC.length), MAGIC)) throw new SessionFailure('not-a-backup');
  if ((head[4] as number) > VERSION) throw new SessionFailure('archive-newer');
  const view = new DataView(head.buffer, head.byteOffset);
  const cost = { operations: view.getUint32(5), memory: view.getUint32(9) * 1024 };
  const isSane = cost.operations >= 1 && cost.operations <= HIGHEST.operations && cost.memory >= 8 * 1024 && cost.memory <= HIGHEST.memory;
  if (head[4] !== VERSION || !isSane) throw new SessionFailure('not-a-backup');
  return { key: keyFrom(entropy, head, cost), binding: bindingOf(head) };
}

async function read(source: FileSource): Promise<Uint8Array> {
  try {
    return new Uint8Array(await source.slice(0, Math.min(source.size, HEAD_BYTES)).arrayBuffer());
  } catch (cause) {
    throw new SessionFailure('file-unreadable', { cause });
  }
}

const bindingOf = (head: Uint8Array): Uint8Array => concatBytes(utf8('thicket/1 backup'), Uint8Array.of(0), head);

function keyFrom(entropy: Uint8Array, head: Uint8Array, cost: Argon2Cost): Uint8Array {
  const slow = argon2id(entropy, head.slice(13, 13 + SALT), cost);
  const key = deriveKey(slow, 'thicket/1 backup key');
  zero(slow);
  return key;
}
