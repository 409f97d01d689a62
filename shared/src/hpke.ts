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
  fromSecret(secretKey: Uint8Array): KemKeyPair;
  derive(ikm: Uint8Array): KemKeyPair;
}

const EMPTY = new Uint8Array(0);
const SECRET_KEY_SIZE = 32;
const NONCE_SIZE = 12;
const TAG_SIZE = 16;
const MODE_BASE = 0;
const VERSION = utf8('HPKE-v1');

/** Two bytes, big endian: RFC 9180's I2OSP(n, 2). */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);

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
  fromSecret: x25519Pair,
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
  // The secret key is the seed.
  fromSecret: (secretKey) => xwingKeyPair(secretKey),
  // Draft section 5.6: DeriveKeyPair(ikm) expands ikm to a seed with SHAKE256.
  derive: (ikm) => xwingKeyPair(shake256(ikm, SECRET_KEY_SIZE)),
};

// ---------------------------------------------------------------- the suites

/** An AEAD of RFC 9180 section 7.3 with a 12-byte nonce and a 16-byte tag. */
export interface HpkeAead {
  readonly id: number;
  /** Bytes. */
  readonly keySize: number;
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** @returns undefined if it does not authenticate */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}
/** The only one in use. Tests pass another, to meet vectors made with AES. */
export const CHACHA20_POLY1305: HpkeAead = { id: 0x0003, keySize: 32, seal: chachaEncrypt, open: chachaDecrypt };

interface HpkeParts {
  readonly kem: Kem;
  readonly kemId: number;
  readonly hash: HashName;
  readonly kdfId: number;
}
const SUITES: Record<HpkeSuite, HpkeParts> = {
  xwing: { kem: xwingKem, kemId: 0x647a, hash: 'SHA-512', kdfId: 0x0003 },
  classical: { kem: x25519Kem, kemId: 0x0020, hash: 'SHA-256', kdfId: 0x0001 },
};

/** The numbers a suite goes by where it is named on the wire, and its hash. */
export const hpkeSuiteFacts = (suite: HpkeSuite): { kemId: number; kdfId: number; hash: HashName; publicKeySize: number } => {
  const { kem, kemId, kdfId, hash } = SUITES[suite];
  return { kemId, kdfId, hash, publicKeySize: kem.publicKeySize };
};

/** What a sealed message is longer than its plaintext: enc and tag, in bytes. */
export const hpkeOverhead = (suite: HpkeSuite): number => SUITES[suite].kem.encSize + TAG_SIZE;
export const hpkeEncSize = (suite: HpkeSuite): number => SUITES[suite].kem.encSize;
/** True for something of the size of a public key; whether it is a point or a module is found out when it is used. */
export const isHpkePublicKey = (suite: HpkeSuite, key: Uint8Array): boolean => key.length === SUITES[suite].kem.publicKeySize;
export const isHpkeSecretKey = (key: Uint8Array): boolean => key.length === SECRET_KEY_SIZE;

export const hpkeKeyPair = (suite: HpkeSuite): KemKeyPair => SUITES[suite].kem.generate();
/** The pair of a secret key of 32 bytes that was kept alone. */
export const hpkeKeyPairFrom = (suite: HpkeSuite, secretKey: Uint8Array): KemKeyPair => SUITES[suite].kem.fromSecret(secretKey);
/** RFC 9180 section 7.1.3. */
export const hpkeDeriveKeyPair = (suite: HpkeSuite, ikm: Uint8Array): KemKeyPair => SUITES[suite].kem.derive(ikm);

// ---------------------------------------------------------------- contexts

interface HpkeKeys {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  exported(context: Uint8Array, length: number): Uint8Array;
}
/** RFC 9180 section 5.1, mode base: no pre-shared key. */
function schedule({ kemId, kdfId, hash }: HpkeParts, aead: HpkeAead, sharedSecret: Uint8Array, info: Uint8Array): HpkeKeys {
  const kdf = labeledKdf(hash, concatBytes(utf8('HPKE'), u16(kemId), u16(kdfId), u16(aead.id)));
  const context = concatBytes(Uint8Array.of(MODE_BASE), kdf.extract(EMPTY, 'psk_id_hash', EMPTY), kdf.extract(EMPTY, 'info_hash', info));
  const secret = kdf.extract(sharedSecret, 'secret', EMPTY);
  const exporterSecret = kdf.expand(secret, 'exp', context, hashSize(hash));
  return {
    key: kdf.expand(secret, 'key', context, aead.keySize),
    nonce: kdf.expand(secret, 'base_nonce', context, NONCE_SIZE),
    exported: (exporterContext, length) => kdf.expand(exporterSecret, 'sec', exporterContext, length),
  };
}

/** One message to one recipient, and secrets both sides can export beside it. */
export interface HpkeSender {
  readonly enc: Uint8Array;
  /** The first message, sequence number 0. A context seals once only: another message would need the next nonce. */
  sealOnce(aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** RFC 9180 section 5.3; `length` in bytes. */
  exportSecret(context: Uint8Array, length: number): Uint8Array;
}
export interface HpkeRecipient {
  /** @returns undefined if it was not sealed in this context with this aad */
  open(aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  exportSecret(context: Uint8Array, length: number): Uint8Array;
}

/**
 * The sender's side (RFC 9180 section 5.1.1).
 * @param options.ephemeral only for test vectors
 * @throws HpkeKeyError
 */
export function hpkeSender(
  suite: HpkeSuite, publicKey: Uint8Array, info: Uint8Array,
  { aead = CHACHA20_POLY1305, ephemeral }: { aead?: HpkeAead | undefined; ephemeral?: Uint8Array | undefined } = {},
): HpkeSender {
  const chosen = SUITES[suite];
  if (!isHpkePublicKey(suite, publicKey)) throw new HpkeKeyError();
  const { sharedSecret, enc } = encapsulate(chosen.kem, publicKey, ephemeral);
  const { key, nonce, exported } = schedule(chosen, aead, sharedSecret, info);
  let used = false;
  return {
    enc,
    sealOnce(aad, plaintext) {
      if (used) throw new Error('this context has sealed its message');
      used = true;
      return aead.seal(key, nonce, aad, plaintext);
    },
    exportSecret: exported,
  };
}
function encapsulate(kem: Kem, publicKey: Uint8Array, ephemeral?: Uint8Array): Encapsulated {
  try {
    return kem.encapsulate(publicKey, ephemeral);
  } catch {
    throw new HpkeKeyError();
  }
}

/** The recipient's side. @returns undefined if `enc` cannot be for this key */
export function hpkeRecipient(
  suite: HpkeSuite, secretKey: Uint8Array, enc: Uint8Array, info: Uint8Array, aead: HpkeAead = CHACHA20_POLY1305,
): HpkeRecipient | undefined {
  const chosen = SUITES[suite];
  if (!isHpkeSecretKey(secretKey) || enc.length !== chosen.kem.encSize) return undefined;
  const sharedSecret = chosen.kem.decapsulate(secretKey, enc);
  if (sharedSecret === undefined) return undefined;
  const { key, nonce, exported } = schedule(chosen, aead, sharedSecret, info);
  return { open: (aad, ciphertext) => aead.open(key, nonce, aad, ciphertext), exportSecret: exported };
}

// ---------------------------------------------------------------- single shots

/**
 * Single-shot encryption to a public key (RFC 9180 section 6.1).
 * @param ephemeral only for test vectors
 * @throws HpkeKeyError
 */
export function hpkeSeal(
  suite: HpkeSuite, publicKey: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, ephemeral?: Uint8Array,
): HpkeSealed {
  const sender = hpkeSender(suite, publicKey, info, { ephemeral });
  return { enc: sender.enc, ciphertext: sender.sealOnce(aad, plaintext) };
}
/** @returns undefined if it was not sealed to this key with this info and aad */
export function hpkeOpen(
  suite: HpkeSuite, secretKey: Uint8Array, info: Uint8Array, aad: Uint8Array, { enc, ciphertext }: HpkeSealed,
): Uint8Array | undefined {
  return hpkeRecipient(suite, secretKey, enc, info)?.open(aad, ciphertext);
}

/** Single-shot export (RFC 9180 section 6.2). @throws HpkeKeyError */
export function hpkeSendExport(
  suite: HpkeSuite, publicKey: Uint8Array, info: Uint8Array, exporterContext: Uint8Array, length: number, ephemeral?: Uint8Array,
): { enc: Uint8Array; secret: Uint8Array } {
  const sender = hpkeSender(suite, publicKey, info, { ephemeral });
  return { enc: sender.enc, secret: sender.exportSecret(exporterContext, length) };
}
/** @returns undefined if `enc` is not for this key */
export function hpkeReceiveExport(
  suite: HpkeSuite, secretKey: Uint8Array, info: Uint8Array, exporterContext: Uint8Array, length: number, enc: Uint8Array,
): Uint8Array | undefined {
  return hpkeRecipient(suite, secretKey, enc, info)?.exportSecret(exporterContext, length);
}
