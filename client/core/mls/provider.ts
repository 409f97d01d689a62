/**
 * The crypto provider ts-mls runs on: libsodium for everything, HPKE from ../hpke.ts. Call `await sodiumReady()` first.
 *
 * ts-mls types HPKE keys as WebCrypto keys, but only ever hands them back to the provider. Here a key is its raw bytes;
 * `asPublic`, `asPrivate` and `raw` are the only places that say so.
 */
import type { CiphersuiteImpl, Hash, Hpke, Kdf, Signature } from 'ts-mls';
import { CryptoError } from 'ts-mls/mlsError.js';
import {
  hpkeDeriveKeyPair, hpkeKeyPair, hpkeOpen, hpkeReceiveExport, hpkeSeal, hpkeSendExport, isHpkePublicKey, isHpkeSecretKey,
} from '#shared/hpke.ts';
import {
  chachaDecrypt, chachaEncrypt, digest, ed25519KeyPair, ed25519Sign, ed25519Verify, equalBytes, hashSize, hkdfExpand, hkdfExtract, hmac,
  randomBytes, type HashName, type KemKeyPair,
} from '#shared/sodium.ts';
import type { Suite } from './port.ts';
import { ciphersuiteName } from './suites.ts';

type PublicKey = Parameters<Hpke['seal']>[0];
type PrivateKey = Parameters<Hpke['open']>[0];

const asPublic = (bytes: Uint8Array): PublicKey => bytes as unknown as PublicKey;
const asPrivate = (bytes: Uint8Array): PrivateKey => bytes as unknown as PrivateKey;
const raw = (key: PublicKey | PrivateKey): Uint8Array => key as unknown as Uint8Array;
const asPair = (pair: KemKeyPair) => ({ publicKey: asPublic(pair.publicKey), privateKey: asPrivate(pair.secretKey) });

const NOTHING = new Uint8Array(0);

/** The value, or the library's own error for an operation that failed: it treats every other error as its own bug. */
function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new CryptoError(what);
  return value;
}

function hashOf(name: HashName): Hash {
  return {
    digest: async (data) => digest(name, data),
    mac: async (key, data) => hmac(name, key, data),
    verifyMac: async (key, mac, data) => equalBytes(mac, hmac(name, key, data)),
  };
}

function kdfOf(name: HashName): Kdf {
  return {
    size: hashSize(name),
    extract: async (salt, ikm) => hkdfExtract(name, salt, ikm),
    expand: async (prk, info, length) => hkdfExpand(name, prk, info, length),
  };
}

const PKCS8_ED25519_SIZE = 48;

/**
 * libsodium signs with 64 bytes (seed || verify key). The library's default provider keeps the 32-byte seed, or its PKCS #8
 * wrapping (RFC 8410 section 7), whose last 32 bytes are the seed. All three are taken, so a room can change providers.
 */
function signingKey(key: Uint8Array): Uint8Array {
  if (key.length === 32) return ed25519KeyPair(key).signKey;
  return key.length === PKCS8_ED25519_SIZE ? ed25519KeyPair(key.slice(-32)).signKey : key;
}

const signature: Signature = {
  sign: async (key, message) => ed25519Sign(signingKey(key), message),
  verify: async (key, message, signed) => ed25519Verify(key, message, signed),
  keygen: async () => {
    const { verifyKey, signKey } = ed25519KeyPair();
    return { publicKey: verifyKey, signKey };
  },
};

function hpkeOf(suite: Suite): Hpke {
  return {
    keyLength: 32,
    nonceLength: 12,
    seal: async (publicKey, plaintext, info, aad = NOTHING) => {
      const { enc, ciphertext } = hpkeSeal(suite, raw(publicKey), info, aad, plaintext);
      return { enc, ct: ciphertext };
    },
    open: async (privateKey, enc, ciphertext, info, aad = NOTHING) =>
      must(hpkeOpen(suite, raw(privateKey), info, aad, { enc, ciphertext }), 'HPKE open'),
    exportSecret: async (publicKey, context, length, info) => hpkeSendExport(suite, raw(publicKey), info, context, length),
    importSecret: async (privateKey, context, enc, length, info) =>
      must(hpkeReceiveExport(suite, raw(privateKey), info, context, length, enc), 'HPKE import'),
    importPublicKey: async (bytes) => asPublic(must(isHpkePublicKey(suite, bytes) ? bytes : undefined, 'HPKE public key')),
    importPrivateKey: async (bytes) => asPrivate(must(isHpkeSecretKey(bytes) ? bytes : undefined, 'HPKE private key')),
    exportPublicKey: async (key) => raw(key),
    exportPrivateKey: async (key) => raw(key),
    encryptAead: async (key, nonce, aad = NOTHING, plaintext) => chachaEncrypt(key, nonce, aad, plaintext),
    decryptAead: async (key, nonce, aad = NOTHING, ciphertext) => must(chachaDecrypt(key, nonce, aad, ciphertext), 'AEAD'),
    deriveKeyPair: async (ikm) => asPair(hpkeDeriveKeyPair(suite, ikm)),
    generateKeyPair: async () => asPair(hpkeKeyPair(suite)),
  };
}

function implementation(suite: Suite, hash: HashName): CiphersuiteImpl {
  return {
    hash: hashOf(hash), kdf: kdfOf(hash), signature, hpke: hpkeOf(suite), rng: { randomBytes }, name: ciphersuiteName(suite),
  };
}

const IMPLEMENTATIONS: Record<Suite, CiphersuiteImpl> = {
  xwing: implementation('xwing', 'SHA-512'),
  classical: implementation('classical', 'SHA-256'),
};

export const cryptoFor = (suite: Suite): CiphersuiteImpl => IMPLEMENTATIONS[suite];
