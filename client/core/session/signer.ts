import { ed25519KeyPair, ed25519Sign } from '#shared/sodium.ts';
import type { Signer } from '../domain/signing.ts';

/** Whoever holds this seed signs with it. */
export function signerFrom(seed: Uint8Array): Signer {
  const keys = ed25519KeyPair(seed);
  return { key: keys.verifyKey, sign: (message) => ed25519Sign(keys.signKey, message) };
}
