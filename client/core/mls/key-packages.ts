/** Key packages: what lets others add a device to a room while it is away (RFC 9420 section 10). */
import type { Capabilities, CiphersuiteImpl, KeyPackage, LeafNode, Lifetime, PrivateKeyPackage } from 'ts-mls';
import { mapDecoders } from 'ts-mls/codec/tlsDecoder.js';
import { composeBufferEncoders, encode } from 'ts-mls/codec/tlsEncoder.js';
import { decodeVarLenData, varLenDataEncoder } from 'ts-mls/codec/variableLength.js';
import { decodeKeyPackage, encodeKeyPackage, generateKeyPackageWithKey, makeKeyPackageRef, verifyKeyPackage } from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { isHpkePublicKey } from '#shared/hpke.ts';
import { concatBytes, deriveKey, equalBytes } from '#shared/sodium.ts';
import { decodeExactly } from './codec.ts';
import { MlsFailure, type OwnKeyPackage, type SigningKeys, type Suite } from './port.ts';
import { cryptoFor } from './provider.ts';
import { SETTINGS_EXTENSION } from './settings.ts';
import { ciphersuiteName, suiteNamed } from './suites.ts';

const DAY_SECONDS = 86_400;
const SECRET_VERSION = 1;
const TAG_LABEL = 'thicket/1 drop tag';
const TAG_BYTES = 8;

const capabilities = (suite: Suite): Capabilities => ({
  versions: ['mls10'],
  ciphersuites: [ciphersuiteName(suite)],
  extensions: [SETTINGS_EXTENSION],
  proposals: [],
  credentials: ['basic'],
});

/** Whole days, and one before today for clocks that are behind: a lifetime must not tell when the package was made. */
function lifetime(days: number): Lifetime {
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS);
  return { notBefore: BigInt((today - 1) * DAY_SECONDS), notAfter: BigInt((today + days + 1) * DAY_SECONDS) };
}

/** The 8 bytes by which a device finds a drop meant for this key package. Unlinkable without the package itself. */
export async function dropTag(keyPackage: KeyPackage, crypto: CiphersuiteImpl): Promise<Uint8Array> {
  return deriveKey(await makeKeyPackageRef(keyPackage, crypto.hash), TAG_LABEL, new Uint8Array(0), TAG_BYTES);
}

export async function newKeyPackage(suite: Suite, credential: Uint8Array, keys: SigningKeys, days: number): Promise<OwnKeyPackage> {
  const crypto = cryptoFor(suite);
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: credential }, capabilities(suite), lifetime(days), [],
    { publicKey: keys.verifyKey, signKey: keys.signKey }, crypto, [],
  );
  return {
    keyPackage: encodeKeyPackage(publicPackage),
    secret: encodeSecret(privatePackage),
    tag: await dropTag(publicPackage, crypto),
  };
}

// ---------------------------------------------------------------- the private part, for the vault

const secretEncoder = composeBufferEncoders([varLenDataEncoder, varLenDataEncoder, varLenDataEncoder]);
const decodeSecretParts = mapDecoders(
  [decodeVarLenData, decodeVarLenData, decodeVarLenData],
  (initPrivateKey: Uint8Array, hpkePrivateKey: Uint8Array, signaturePrivateKey: Uint8Array): PrivateKeyPackage =>
    ({ initPrivateKey, hpkePrivateKey, signaturePrivateKey }),
);

const encodeSecret = (secret: PrivateKeyPackage): Uint8Array =>
  concatBytes(Uint8Array.of(SECRET_VERSION), encode(secretEncoder)([secret.initPrivateKey, secret.hpkePrivateKey, secret.signaturePrivateKey]));

export interface OpenedKeyPackage {
  readonly suite: Suite;
  readonly keyPackage: KeyPackage;
  readonly secret: PrivateKeyPackage;
}
/** @throws MlsFailure `unreadable-state` if it is not one of ours */
export function openOwn(own: OwnKeyPackage): OpenedKeyPackage {
  const keyPackage = decodeExactly(decodeKeyPackage, own.keyPackage);
  const suite = keyPackage && suiteNamed(keyPackage.cipherSuite);
  const secret = own.secret[0] === SECRET_VERSION ? decodeExactly(decodeSecretParts, own.secret.subarray(1)) : undefined;
  if (keyPackage === undefined || suite === undefined || secret === undefined) throw new MlsFailure('unreadable-state', 'key package');
  return { suite, keyPackage, secret };
}

// ---------------------------------------------------------------- somebody else's

export interface CheckedKeyPackage {
  readonly suite: Suite;
  readonly keyPackage: KeyPackage;
}

/** A credential is two certificates, some 600 bytes; what is much larger would ride on every later Welcome. */
const LARGEST_CREDENTIAL = 4096;

/** Can this leaf live in a room of this suite: credential, capabilities, key sizes, no extensions? */
export function fitsRooms(leaf: LeafNode, suite: Suite): boolean {
  const able = leaf.capabilities;
  return leaf.credential.credentialType === 'basic'
    && leaf.credential.identity.length <= LARGEST_CREDENTIAL
    && leaf.signaturePublicKey.length === 32
    && isHpkePublicKey(suite, leaf.hpkePublicKey)
    && leaf.extensions.length === 0
    && able.versions.includes('mls10')
    && able.ciphersuites.includes(ciphersuiteName(suite))
    && able.extensions.includes(SETTINGS_EXTENSION)
    && able.credentials.includes('basic');
}

/** RFC 9420 section 10.1, and what rooms ask for. @returns undefined if it is not valid, today */
export async function checkKeyPackage(bytes: Uint8Array): Promise<CheckedKeyPackage | undefined> {
  const checked = await authenticKeyPackage(bytes);
  const leaf = checked?.keyPackage.leafNode;
  return leaf?.leafNodeSource === 'key_package' && alive(leaf.lifetime) ? checked : undefined;
}

/** The same whatever the day: for the drop to somebody whose package was good when they were added. */
export async function authenticKeyPackage(bytes: Uint8Array): Promise<CheckedKeyPackage | undefined> {
  const keyPackage = decodeExactly(decodeKeyPackage, bytes);
  const suite = keyPackage && suiteNamed(keyPackage.cipherSuite);
  if (keyPackage === undefined || suite === undefined || !wellFormed(keyPackage, suite)) return undefined;
  const { signature } = cryptoFor(suite);
  const authentic = (await verifyKeyPackage(keyPackage, signature))
    && (await verifyLeafNodeSignatureKeyPackage(keyPackage.leafNode, signature));
  return authentic ? { suite, keyPackage } : undefined;
}

function wellFormed(keyPackage: KeyPackage, suite: Suite): boolean {
  const { leafNode, initKey } = keyPackage;
  return keyPackage.version === 'mls10'
    && keyPackage.extensions.length === 0
    && leafNode.leafNodeSource === 'key_package'
    && isHpkePublicKey(suite, initKey)
    && !equalBytes(initKey, leafNode.hpkePublicKey)
    && fitsRooms(leafNode, suite);
}

function alive({ notBefore, notAfter }: Lifetime): boolean {
  const now = BigInt(Math.floor(Date.now() / 1000));
  return notBefore <= now && now <= notAfter;
}
