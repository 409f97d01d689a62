/**
 * A drop: how a Welcome reaches a newcomer through the log that everybody reads.
 *
 *   body = tag (8) || HPKE enc || HPKE ciphertext     sealed to the key package's init key,
 *                                                     info 'thicket/1 drop', aad = tag, plaintext padded
 *
 * The body is exactly one of HANDSHAKE_BODY_SIZES.
 */
import { HANDSHAKE_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { hpkeEncSize, hpkeOpen, hpkeOverhead, hpkeSeal } from '#shared/hpke.ts';
import { concatBytes, equalBytes, utf8 } from '#shared/sodium.ts';
import { authenticKeyPackage, dropTag, openOwn } from './key-packages.ts';
import { MlsFailure, type OwnKeyPackage } from './port.ts';
import { cryptoFor } from './provider.ts';

const INFO = utf8('thicket/1 drop');
const TAG_BYTES = 8;

/** @throws MlsFailure `invalid-key-package` | `too-long` */
export async function sealDrop(keyPackage: Uint8Array, content: Uint8Array): Promise<Uint8Array> {
  const checked = await authenticKeyPackage(keyPackage);
  if (checked === undefined) throw new MlsFailure('invalid-key-package');
  const padded = pad(content, HANDSHAKE_BODY_SIZES, TAG_BYTES + hpkeOverhead(checked.suite));
  if (padded === undefined) throw new MlsFailure('too-long');
  const tag = await dropTag(checked.keyPackage, cryptoFor(checked.suite));
  const { enc, ciphertext } = hpkeSeal(checked.suite, checked.keyPackage.initKey, INFO, tag, padded);
  return concatBytes(tag, enc, ciphertext);
}

/** @returns undefined if it was not sealed to this key package */
export async function openDrop(own: OwnKeyPackage, body: Uint8Array): Promise<Uint8Array | undefined> {
  const { suite, secret } = openOwn(own);
  const tag = body.subarray(0, TAG_BYTES);
  if (!equalBytes(tag, own.tag) || !HANDSHAKE_BODY_SIZES.some((size) => size === body.length)) return undefined;
  const encEnd = TAG_BYTES + hpkeEncSize(suite);
  const sealed = { enc: body.subarray(TAG_BYTES, encEnd), ciphertext: body.subarray(encEnd) };
  const padded = hpkeOpen(suite, secret.initPrivateKey, INFO, tag, sealed);
  return padded === undefined ? undefined : unpad(padded);
}
