/**
 * What a record body is made of: an MLSMessage, padded to an allowed size, sealed under the epoch's outer key.
 *
 *   body = seal(outer key, pad(MLSMessage), aad)      aad = 'thicket/1 outer' || mailbox (16) || epoch (8, big endian) || kind (1)
 *
 * The relay sees a size and random bytes; the length of the body is exactly one of the allowed sizes.
 */
import type { ClientState } from 'ts-mls';
import { HANDSHAKE_BODY_SIZES, POST_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { concatBytes, seal, SEAL_OVERHEAD, unseal, utf8 } from '#shared/sodium.ts';
import { MlsFailure } from './port.ts';
import { outerKey } from './secrets.ts';

export type BodyKind = 'post' | 'commit';

const LABEL = utf8('thicket/1 outer');
const KINDS: Record<BodyKind, { readonly byte: number; readonly sizes: readonly number[] }> = {
  post: { byte: 1, sizes: POST_BODY_SIZES },
  commit: { byte: 2, sizes: HANDSHAKE_BODY_SIZES },
};

function associatedData(state: ClientState, kind: BodyKind): Uint8Array {
  const tail = new Uint8Array(9);
  new DataView(tail.buffer).setBigUint64(0, state.groupContext.epoch);
  tail[8] = KINDS[kind].byte;
  return concatBytes(LABEL, state.groupContext.groupId, tail);
}

/** @throws MlsFailure `too-long` */
export async function wrap(state: ClientState, kind: BodyKind, message: Uint8Array): Promise<Uint8Array> {
  const padded = pad(message, KINDS[kind].sizes, SEAL_OVERHEAD);
  if (padded === undefined) throw new MlsFailure('too-long');
  return seal(await outerKey(state), padded, associatedData(state, kind));
}

/** @returns undefined for what was not wrapped under this epoch's key for this mailbox and kind, or has no allowed size */
export async function unwrap(state: ClientState, kind: BodyKind, body: Uint8Array): Promise<Uint8Array | undefined> {
  if (!KINDS[kind].sizes.includes(body.length)) return undefined;
  const padded = unseal(await outerKey(state), body, associatedData(state, kind));
  return padded === undefined ? undefined : unpad(padded);
}
