/**
 * The gateway's key configuration (RFC 9458 section 3.1):
 *
 *   key id (1) || KEM id (2) || public key (the KEM's size) || length of what follows (2) || KDF id (2) || AEAD id (2) ...
 *
 * A hub's gateway has one key, with id 1, for X-Wing (0x647a), HKDF-SHA512 (0x0003) and ChaCha20-Poly1305 (0x0003): what
 * a neighbour records today shall not be readable with a quantum computer later.
 */
import { CHACHA20_POLY1305, hpkeSuiteFacts, u16, type HpkeAead, type HpkeSuite } from '../hpke.ts';
import { concatBytes } from '../sodium.ts';

export interface SymmetricSuite {
  readonly kdfId: number;
  readonly aeadId: number;
}
export interface KeyConfig {
  readonly keyId: number;
  readonly suite: HpkeSuite;
  readonly publicKey: Uint8Array;
  readonly symmetric: readonly SymmetricSuite[];
}

/** What every gateway of Thicket offers. */
export const GATEWAY_SUITE: HpkeSuite = 'xwing';
const GATEWAY_KEY_ID = 1;
const SUITES: readonly HpkeSuite[] = ['xwing', 'classical'];

export const gatewayConfig = (publicKey: Uint8Array): KeyConfig => ({
  keyId: GATEWAY_KEY_ID, suite: GATEWAY_SUITE, publicKey,
  symmetric: [{ kdfId: hpkeSuiteFacts(GATEWAY_SUITE).kdfId, aeadId: CHACHA20_POLY1305.id }],
});

export function encodeKeyConfig({ keyId, suite, publicKey, symmetric }: KeyConfig): Uint8Array {
  const pairs = symmetric.flatMap(({ kdfId, aeadId }) => [u16(kdfId), u16(aeadId)]);
  return concatBytes(Uint8Array.of(keyId), u16(hpkeSuiteFacts(suite).kemId), publicKey, u16(4 * symmetric.length), ...pairs);
}

/** @returns undefined for anything but exactly one configuration with a KEM known here */
export function decodeKeyConfig(bytes: Uint8Array): KeyConfig | undefined {
  if (bytes.length < 3) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const suite = SUITES.find((candidate) => hpkeSuiteFacts(candidate).kemId === view.getUint16(1));
  if (suite === undefined) return undefined;
  const keyEnd = 3 + hpkeSuiteFacts(suite).publicKeySize;
  if (bytes.length < keyEnd + 2) return undefined;
  const length = view.getUint16(keyEnd);
  if (length === 0 || length % 4 !== 0 || bytes.length !== keyEnd + 2 + length) return undefined;
  const symmetric = Array.from({ length: length / 4 }, (_, index) => {
    const at = keyEnd + 2 + 4 * index;
    return { kdfId: view.getUint16(at), aeadId: view.getUint16(at + 2) };
  });
  return { keyId: view.getUint8(0), suite, publicKey: bytes.slice(3, keyEnd), symmetric };
}

/** Whether a gateway takes requests sealed with the suite's own KDF and this AEAD. */
export const offers = ({ suite, symmetric }: KeyConfig, aead: HpkeAead = CHACHA20_POLY1305): boolean =>
  symmetric.some(({ kdfId, aeadId }) => kdfId === hpkeSuiteFacts(suite).kdfId && aeadId === aead.id);

/** Whether these bytes name a gateway that a device can seal to. */
export function isGatewayConfig(bytes: Uint8Array): boolean {
  const config = decodeKeyConfig(bytes);
  return config !== undefined && offers(config);
}
