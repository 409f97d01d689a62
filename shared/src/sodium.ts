/**
 * The only importer of libsodium. Thin, synchronous, typed; no construction of our own lives here but HKDF, which is
 * RFC 5869 word for word over libsodium's HMAC. Call `await sodiumReady()` once before anything else.
 */
import * as sodiumModule from 'libsodium-wrappers-sumo';

// The package is CommonJS-shaped in some bundlers: the functions then sit on `default`.
const sodium = ('default' in sodiumModule ? (sodiumModule as unknown as { default: typeof sodiumModule }).default : sodiumModule);

export const sodiumReady = (): Promise<void> => sodium.ready;

/** From the platform's own generator, which is also libsodium's source here: asked directly it is ten times faster. */
export function randomBytes(length: number): Uint8Array {
  const out = new Uint8Array(length);
  // One call fills at most 65,536 bytes.
  for (let at = 0; at < length; at += 65_536) globalThis.crypto.getRandomValues(out.subarray(at, at + 65_536));
  return out;
}

/** Overwrites a secret with zeros. Copies the engine made on its own are out of reach. */
export const zero = (secret: Uint8Array): void => {
  secret.fill(0);
};

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && (a.length === 0 || sodium.memcmp(a, b));

// ---------------------------------------------------------------- hashing (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869)

export type HashName = 'SHA-256' | 'SHA-512';
export const hashSize = (hash: HashName): number => (hash === 'SHA-256' ? 32 : 64);

export const sha256 = (data: Uint8Array): Uint8Array => sodium.crypto_hash_sha256(data);
export const sha512 = (data: Uint8Array): Uint8Array => sodium.crypto_hash_sha512(data);
export const digest = (hash: HashName, data: Uint8Array): Uint8Array => (hash === 'SHA-256' ? sha256(data) : sha512(data));

/** SHAKE256 (FIPS 202) with `length` bytes of output. */
export const shake256 = (data: Uint8Array, length: number): Uint8Array => sodium.crypto_xof_shake256(length, data);

/** BLAKE2b (RFC 7693) with 32 bytes of output: for whole files, where it is three times as fast as SHA-256. */
export const blake2b = (data: Uint8Array): Uint8Array => sodium.crypto_generichash(32, data, null);

/** HMAC with a key of any length. */
export function hmac(hash: HashName, key: Uint8Array, data: Uint8Array): Uint8Array {
  if (hash === 'SHA-256') {
    const state = sodium.crypto_auth_hmacsha256_init(key);
    sodium.crypto_auth_hmacsha256_update(state, data);
    return sodium.crypto_auth_hmacsha256_final(state);
  }
  const state = sodium.crypto_auth_hmacsha512_init(key);
  sodium.crypto_auth_hmacsha512_update(state, data);
  return sodium.crypto_auth_hmacsha512_final(state);
}

/** RFC 5869 section 2.2. */
export const hkdfExtract = (hash: HashName, salt: Uint8Array, ikm: Uint8Array): Uint8Array =>
  hmac(hash, salt.length === 0 ? new Uint8Array(hashSize(hash)) : salt, ikm);

/** RFC 5869 section 2.3. @throws RangeError if `length` is over 255 hash lengths */
export function hkdfExpand(hash: HashName, prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const size = hashSize(hash);
  const blocks = Math.ceil(length / size);
  if (blocks > 255) throw new RangeError('HKDF output too long');
  // Nearly every key is one block, and this is the hottest path there is.
  if (blocks === 1) return hmac(hash, prk, concatBytes(info, Uint8Array.of(1))).slice(0, length);
  const okm = new Uint8Array(blocks * size);
  let previous = new Uint8Array(0);
  for (let i = 1; i <= blocks; i += 1) {
    previous = new Uint8Array(hmac(hash, prk, concatBytes(previous, info, Uint8Array.of(i))));
    okm.set(previous, (i - 1) * size);
  }
  return okm.slice(0, length);
}

/** A key for one purpose from a secret: HKDF-SHA-256, no salt, info = label || 0x00 || context. */
export const deriveKey = (secret: Uint8Array, label: string, context: Uint8Array = new Uint8Array(0), length = 32): Uint8Array =>
  hkdfExpand('SHA-256', hkdfExtract('SHA-256', new Uint8Array(0), secret), concatBytes(utf8(label), Uint8Array.of(0), context), length);

// ---------------------------------------------------------------- Ed25519 (RFC 8032)

/** `signKey` is libsodium's 64 bytes: seed || verify key. */
export interface Ed25519KeyPair {
  readonly verifyKey: Uint8Array;
  readonly signKey: Uint8Array;
}

export function ed25519KeyPair(seed?: Uint8Array): Ed25519KeyPair {
  const pair = seed === undefined ? sodium.crypto_sign_keypair() : sodium.crypto_sign_seed_keypair(seed);
  return { verifyKey: pair.publicKey, signKey: pair.privateKey };
}
export const ed25519Sign = (signKey: Uint8Array, message: Uint8Array): Uint8Array =>
  sodium.crypto_sign_detached(message, signKey);
/** False for anything that is not a valid signature, whatever its size. */
export const ed25519Verify = (verifyKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  verifyKey.length === 32 && signature.length === 64 && sodium.crypto_sign_verify_detached(signature, message, verifyKey);

// ---------------------------------------------------------------- AEAD

/** ChaCha20-Poly1305 (RFC 8439), 12-byte nonce given by the caller. */
export const chachaEncrypt = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array =>
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key);
/** @returns undefined if it does not authenticate */
export const chachaDecrypt = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined =>
  attempt(() => sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, ciphertext, aad, nonce, key));

/** What `seal` adds to a plaintext: 24 bytes of random nonce and 16 of tag. */
export const SEAL_OVERHEAD = 40;
/** XChaCha20-Poly1305 with a random nonce: nonce || ciphertext. For everything sealed under a long-lived key. */
export function seal(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const nonce = randomBytes(24);
  return concatBytes(nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key));
}
/** @returns undefined if it does not authenticate */
export const unseal = (key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | undefined =>
  sealed.length < SEAL_OVERHEAD
    ? undefined
    : attempt(() => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed.subarray(24), aad, sealed.subarray(0, 24), key));

/** What each piece of a secret stream adds to its plaintext, and what the stream begins with. */
export const STREAM_OVERHEAD = 17;
export const STREAM_HEADER = 24;
export interface StreamSealing {
  /** 24 bytes, to be kept before the pieces. */
  readonly header: Uint8Array;
  push(piece: Uint8Array, aad: Uint8Array, isLast: boolean): Uint8Array;
}
/** libsodium's secretstream (XChaCha20-Poly1305): pieces that open in this order only, and whose last says that it is the last. */
export function streamSealing(key: Uint8Array): StreamSealing {
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const { crypto_secretstream_xchacha20poly1305_TAG_FINAL: last, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE: more } = sodium;
  return { header, push: (piece, aad, isLast) => sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, aad, isLast ? last : more) };
}
/** @returns opens one piece after the other; undefined where it is not the next piece of this stream */
export function streamOpening(key: Uint8Array, header: Uint8Array): (sealed: Uint8Array, aad: Uint8Array) => { piece: Uint8Array; isLast: boolean } | undefined {
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  return (sealed, aad) => {
    const opened = attempt(() => sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, aad));
    if (opened === undefined || opened === false) return undefined;
    return { piece: opened.message, isLast: opened.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL };
  };
}

// ---------------------------------------------------------------- key agreement

export interface KemKeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}
/** X25519 (RFC 7748). @returns undefined for a low-order point */
export const x25519 = (secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined =>
  attempt(() => sodium.crypto_scalarmult(secretKey, publicKey));
export const x25519PublicKey = (secretKey: Uint8Array): Uint8Array => sodium.crypto_scalarmult_base(secretKey);

/** X-Wing (draft-connolly-cfrg-xwing-kem): the secret key is its 32-byte seed. */
export function xwingKeyPair(seed?: Uint8Array): KemKeyPair {
  const pair = seed === undefined ? sodium.crypto_kem_xwing_keypair() : sodium.crypto_kem_xwing_seed_keypair(seed);
  return { publicKey: pair.publicKey, secretKey: pair.privateKey };
}
export function xwingEncapsulate(publicKey: Uint8Array, seed?: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
  return seed === undefined ? sodium.crypto_kem_xwing_enc(publicKey) : sodium.crypto_kem_xwing_enc_deterministic(publicKey, seed);
}
export const xwingDecapsulate = (secretKey: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined =>
  attempt(() => sodium.crypto_kem_xwing_dec(ciphertext, secretKey));

// ---------------------------------------------------------------- ristretto255 (RFC 9496)

export const RISTRETTO_BYTES = 32;
/** True of the canonical encoding of an element, the identity (32 zero bytes) among them. */
export const ristrettoIsValid = (point: Uint8Array): boolean =>
  point.length === RISTRETTO_BYTES && sodium.crypto_core_ristretto255_is_valid_point(point);
/** The one-way map of RFC 9496 section 4.3.4. @param uniform 64 bytes */
export const ristrettoFromHash = (uniform: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_from_hash(uniform);
export const ristrettoAdd = (p: Uint8Array, q: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_add(p, q);
export const ristrettoSub = (p: Uint8Array, q: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_sub(p, q);
/** @throws Error when the result is the identity */
export const ristrettoMultiply = (scalar: Uint8Array, point: Uint8Array): Uint8Array => sodium.crypto_scalarmult_ristretto255(scalar, point);
/** Times the generator. @throws Error for the scalar 0 */
export const ristrettoMultiplyBase = (scalar: Uint8Array): Uint8Array => sodium.crypto_scalarmult_ristretto255_base(scalar);

/** Scalars are 32 bytes, little endian, below the order of the group. @param wide 64 bytes */
export const scalarReduce = (wide: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_reduce(wide);
export const scalarRandom = (): Uint8Array => sodium.crypto_core_ristretto255_scalar_random();
export const scalarAdd = (a: Uint8Array, b: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_add(a, b);
export const scalarSub = (a: Uint8Array, b: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_sub(a, b);
export const scalarMultiply = (a: Uint8Array, b: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_mul(a, b);
/** @throws Error for 0 */
export const scalarInvert = (scalar: Uint8Array): Uint8Array => sodium.crypto_core_ristretto255_scalar_invert(scalar);

// ---------------------------------------------------------------- passphrases (RFC 9106)

export interface Argon2Cost {
  readonly operations: number;
  /** Bytes. */
  readonly memory: number;
}
/** Argon2id, 16-byte salt. */
export const argon2id = (passphrase: Uint8Array, salt: Uint8Array, cost: Argon2Cost, length = 32): Uint8Array =>
  sodium.crypto_pwhash(length, passphrase, salt, cost.operations, cost.memory, sodium.crypto_pwhash_ALG_ARGON2ID13);

// ---------------------------------------------------------------- bytes and text

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array => encoder.encode(text);
export const hex = (bytes: Uint8Array): string => sodium.to_hex(bytes);
/** @returns undefined if it is not hexadecimal */
export const fromHex = (text: string): Uint8Array | undefined => attempt(() => sodium.from_hex(text));
export const base64url = (bytes: Uint8Array): string => sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING);
/** @returns undefined if it is not base64url without padding */
export const fromBase64url = (text: string): Uint8Array | undefined =>
  attempt(() => sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING));

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
