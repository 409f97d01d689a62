/**
 * A drop of 4 KiB that only the holder of one X-Wing key knows as theirs, and that is unlike any other to the same key:
 * `tag || enc || ciphertext`. docs/protocol/boards.md, "Sealed drops".
 */
import { hpkeEncSize, hpkeOpen, hpkeOverhead, hpkeSeal } from '#shared/hpke.ts';
import { SEALED_DROP_SIZE } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { concatBytes, deriveKey, equalBytes, utf8, type KemKeyPair } from '#shared/sodium.ts';

const TAG_BYTES = 8;
const INFO = utf8('thicket/1 sealed drop');
const NOTHING = new Uint8Array(0);
const ENC_BYTES = hpkeEncSize('xwing');

const tagFor = (publicKey: Uint8Array, enc: Uint8Array): Uint8Array => deriveKey(publicKey, 'thicket/1 sealed drop', enc, TAG_BYTES);

/** @returns undefined where the content is too long for one */
export function sealDrop(publicKey: Uint8Array, content: Uint8Array): Uint8Array | undefined {
  const padded = pad(content, [SEALED_DROP_SIZE], TAG_BYTES + hpkeOverhead('xwing'));
  if (padded === undefined) return undefined;
  const { enc, ciphertext } = hpkeSeal('xwing', publicKey, INFO, NOTHING, padded);
  return concatBytes(tagFor(publicKey, enc), enc, ciphertext);
}

/** Cheap for what is somebody else's: one hash. @returns the content, or undefined */
export function openSealedDrop({ publicKey, secretKey }: KemKeyPair, body: Uint8Array): Uint8Array | undefined {
  if (body.length !== SEALED_DROP_SIZE) return undefined;
  const enc = body.subarray(TAG_BYTES, TAG_BYTES + ENC_BYTES);
  if (!equalBytes(tagFor(publicKey, enc), body.subarray(0, TAG_BYTES))) return undefined;
  const padded = hpkeOpen('xwing', secretKey, INFO, NOTHING, { enc, ciphertext: body.subarray(TAG_BYTES + ENC_BYTES) });
  return padded && unpad(padded);
}
