/**
 * HPKE base mode (RFC 9180) over libsodium, for the two KEMs this project uses:
 *
 *   suite      KEM                                     KDF          AEAD               enc   public key
 *   xwing      X-Wing, 0x647a (draft-connolly-...)     HKDF-SHA512  ChaCha20-Poly1305  1120  1216
 *   classical  DHKEM(X25519, HKDF-SHA256), 0x0020      HKDF-SHA256  ChaCha20-Poly1305  32    32
 *
 * Private keys are 32 bytes in both. Held to the vectors of RFC 9180 A.2 and of the X-Wing draft, and byte for byte
 * equal to @hpke/core, which ts-mls uses by default.
 */
import {
  chachaDecrypt, chachaEncrypt, concatBytes, hashSize, hkdfExpand, hkdfExtract, randomBytes, shake256, utf8, x25519, x25519PublicKey,
  xwingDecapsulate, xwingEncapsulate, xwingKeyPair, type HashName, type KemKeyPair,
} from './sodium.ts';

export type HpkeSuite = 'xwing' | 'classical';

export interface HpkeSealed {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}
/** A key was not of the size or form of its suite. */
export class HpkeKeyError extends Error {
  readonly code = 'bad-hpke-key';
  constructor() {
    super('not a key of this HPKE suite');
    this.name = 'HpkeKeyError';
  }
}

interface Encapsulated {
  readonly sharedSecret: Uint8Array;
  readonly enc: Uint8Array;
}
interface Kem {
  readonly publicKeySize: number;
  readonly encSize: number;
  /** `ephemeral` makes it deterministic, for vectors only: 64 bytes for X-Wing, a secret key for X25519. */
  encapsulate(publicKey: Uint8Array, ephemeral?: Uint8Array): Encapsulated;
  decapsulate(secretKey: Uint8Array, enc: Uint8Array): Uint8Array | undefined;
  generate(): KemKeyPair;
  derive(ikm: Uint8Array): KemKeyPair;
}

const EMPTY = new Uint8Array(0);
const SECRET_KEY_SIZE = 32;
const KEY_SIZE = 32;
const NONCE_SIZE = 12;
const TAG_SIZE = 16;
const AEAD_CHACHA20POLY1305 = 0x0003;
const MODE_BASE = 0;
const VERSION = utf8('HPKE-v1');

const u16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);

/** RFC 9180 section 4: LabeledExtract and LabeledExpand, bound to a hash and a suite id. */
function labeledKdf(hash: HashName, suiteId: Uint8Array) {
  return {
    extract: (salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array =>
      hkdfExtract(hash, salt, concatBytes(VERSION, suiteId, utf8(label), ikm)),
    expand: (prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array =>
      hkdfExpand(hash, prk, concatBytes(u16(length), VERSION, suiteId, utf8(label), info), length),
  };
}

// ---------------------------------------------------------------- DHKEM(X25519, HKDF-SHA256), RFC 9180 section 4.1

const dhkem = labeledKdf('SHA-256', concatBytes(utf8('KEM'), u16(0x0020)));

function extractAndExpand(dh: Uint8Array, enc: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return dhkem.expand(dhkem.extract(EMPTY, 'eae_prk', dh), 'shared_secret', concatBytes(enc, publicKey), 32);
}
const x25519Pair = (secretKey: Uint8Array): KemKeyPair => ({ secretKey, publicKey: x25519PublicKey(secretKey) });

const x25519Kem: Kem = {
  publicKeySize: 32,
  encSize: 32,
  encapsulate(publicKey, ephemeral = randomBytes(SECRET_KEY_SIZE)) {
    const dh = x25519(ephemeral, publicKey);
    if (dh === undefined) throw new HpkeKeyError();
    const enc = x25519PublicKey(ephemeral);
    return { sharedSecret: extractAndExpand(dh, enc, publicKey), enc };
  },
  decapsulate(secretKey, enc) {
    const dh = x25519(secretKey, enc);
    return dh === undefined ? undefined : extractAndExpand(dh, enc, x25519PublicKey(secretKey));
  },
  generate: () => x25519Pair(randomBytes(SECRET_KEY_SIZE)),
  derive: (ikm) => x25519Pair(dhkem.expand(dhkem.extract(EMPTY, 'dkp_prk', ikm), 'sk', EMPTY, SECRET_KEY_SIZE)),
};

// ---------------------------------------------------------------- X-Wing (draft-connolly-cfrg-xwing-kem)

const xwingKem: Kem = {
  publicKeySize: 1216,
  encSize: 1120,
  encapsulate(publicKey, seed) {
    const { ciphertext, sharedSecret } = xwingEncapsulate(publicKey, seed);
    return { sharedSecret, enc: ciphertext };
  },
  decapsulate: xwingDecapsulate,
  generate: () => xwingKeyPair(),
  // Draft section 5.6: DeriveKeyPair(ikm) expands ikm to a seed with SHAKE256.
  derive: (ikm) => xwingKeyPair(shake256(ikm, SECRET_KEY_SIZE)),
};

// ---------------------------------------------------------------- the suites

interface HpkeParts {
  readonly kem: Kem;
  readonly hash: HashName;
  readonly kdf: ReturnType<typeof labeledKdf>;
}
function parts(kem: Kem, kemId: number, hash: HashName, kdfId: number): HpkeParts {
  return { kem, hash, kdf: labeledKdf(hash, concatBytes(utf8('HPKE'), u16(kemId), u16(kdfId), u16(AEAD_CHACHA20POLY1305))) };
}
const SUITES: Record<HpkeSuite, HpkeParts> = {
  xwing: parts(xwingKem, 0x647a, 'SHA-512', 0x0003),
  classical: parts(x25519Kem, 0x0020, 'SHA-256', 0x0001),
};

/** What a sealed message is longer than its plaintext: enc and tag, in bytes. */
export const hpkeOverhead = (suite: HpkeSuite): number => SUITES[suite].kem.encSize + TAG_SIZE;
export const hpkeEncSize = (suite: HpkeSuite): number => SUITES[suite].kem.encSize;
/** True for something of the size of a public key; whether it is a point or a module is found out when it is used. */
export const isHpkePublicKey = (suite: HpkeSuite, key: Uint8Array): boolean => key.length === SUITES[suite].kem.publicKeySize;
export const isHpkeSecretKey = (key: Uint8Array): boolean => key.length === SECRET_KEY_SIZE;

export const hpkeKeyPair = (suite: HpkeSuite): KemKeyPair => SUITES[suite].kem.generate();
/** RFC 9180 section 7.1.3. */
export const hpkeDeriveKeyPair = (suite: HpkeSuite, ikm: Uint8Array): KemKeyPair => SUITES[suite].kem.derive(ikm);

interface HpkeContext {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
}
/** RFC 9180 section 5.1, mode base: no pre-shared key. */
function schedule({ kdf, hash }: HpkeParts, sharedSecret: Uint8Array, info: Uint8Array): HpkeContext {
  const context = concatBytes(Uint8Array.of(MODE_BASE), kdf.extract(EMPTY, 'psk_id_hash', EMPTY), kdf.extract(EMPTY, 'info_hash', info));
  const secret = kdf.extract(sharedSecret, 'secret', EMPTY);
  return {
    key: kdf.expand(secret, 'key', context, KEY_SIZE),
    nonce: kdf.expand(secret, 'base_nonce', context, NONCE_SIZE),
    exporterSecret: kdf.expand(secret, 'exp', context, hashSize(hash)),
  };
}

/** The sender's side. @throws HpkeKeyError */
function send(suite: HpkeSuite, publicKey: Uint8Array, info: Uint8Array, ephemeral?: Uint8Array): HpkeContext & { enc: Uint8Array } {
  const chosen = SUITES[suite];
  if (!isHpkePublicKey(suite, publicKey)) throw new HpkeKeyError();
  const { sharedSecret, enc } = encapsulate(chosen.kem, publicKey, ephemeral);
  return { ...schedule(chosen, sharedSecret, info), enc };
}
function encapsulate(kem: Kem, publicKey: Uint8Array, ephemeral?: Uint8Array): Encapsulated {
  try {
    return kem.encapsulate(publicKey, ephemeral);
  } catch {
    throw new HpkeKeyError();
  }
}
function receive(suite: HpkeSuite, secretKey: Uint8Array, enc: Uint8Array, info: Uint8Array): HpkeContext | undefined {
  const chosen = SUITES[suite];
  if (!isHpkeSecretKey(secretKey) || enc.length !== chosen.kem.encSize) return undefined;
  const sharedSecret = chosen.kem.decapsulate(secretKey, enc);
  return sharedSecret === undefined ? undefined : schedule(chosen, sharedSecret, info);
}

/**
 * Single-shot encryption to a public key (RFC 9180 section 6.1).
 * @param ephemeral only for test vectors
 * @throws HpkeKeyError
 */
export function hpkeSeal(
  suite: HpkeSuite, publicKey: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, ephemeral?: Uint8Array,
): HpkeSealed {
  const { key, nonce, enc } = send(suite, publicKey, info, ephemeral);
  return { enc, ciphertext: chachaEncrypt(key, nonce, aad, plaintext) };
}
/** @returns undefined if it was not sealed to this key with this info and aad */
export function hpkeOpen(
  suite: HpkeSuite, secretKey: Uint8Array, info: Uint8Array, aad: Uint8Array, { enc, ciphertext }: HpkeSealed,
): Uint8Array | undefined {
  const context = receive(suite, secretKey, enc, info);
  return context === undefined ? undefined : chachaDecrypt(context.key, context.nonce, aad, ciphertext);
}

const exported = (suite: HpkeSuite, context: HpkeContext, exporterContext: Uint8Array, length: number): Uint8Array =>
  SUITES[suite].kdf.expand(context.exporterSecret, 'sec', exporterContext, length);

/** Single-shot export (RFC 9180 section 6.2). @throws HpkeKeyError */
export function hpkeSendExport(
  suite: HpkeSuite, publicKey: Uint8Array, info: Uint8Array, exporterContext: Uint8Array, length: number, ephemeral?: Uint8Array,
): { enc: Uint8Array; secret: Uint8Array } {
  const context = send(suite, publicKey, info, ephemeral);
  return { enc: context.enc, secret: exported(suite, context, exporterContext, length) };
}
/** @returns undefined if `enc` is not for this key */
export function hpkeReceiveExport(
  suite: HpkeSuite, secretKey: Uint8Array, info: Uint8Array, exporterContext: Uint8Array, length: number, enc: Uint8Array,
): Uint8Array | undefined {
  const context = receive(suite, secretKey, enc, info);
  return context === undefined ? undefined : exported(suite, context, exporterContext, length);
}
