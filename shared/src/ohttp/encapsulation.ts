/**
 * Oblivious HTTP (RFC 9458 section 4): one request sealed to a gateway's key, and one response that only whoever made
 * the request can open.
 *
 *   request   key id (1) || KEM id (2) || KDF id (2) || AEAD id (2) || enc || ciphertext
 *   response  nonce || ciphertext        nonce: as many bytes as the larger of the AEAD's key and nonce
 */
import {
  CHACHA20_POLY1305, hpkeEncSize, hpkeRecipient, hpkeSender, hpkeSuiteFacts, u16, type HpkeAead, type HpkeSuite,
} from '../hpke.ts';
import { concatBytes, equalBytes, hkdfExpand, hkdfExtract, randomBytes, utf8 } from '../sodium.ts';
import { GATEWAY_SUITE, offers, type KeyConfig } from './key-config.ts';

const EMPTY = new Uint8Array(0);
const HEADER_BYTES = 7;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const REQUEST_LABEL = utf8('message/bhttp request');
const RESPONSE_LABEL = utf8('message/bhttp response');

/** What a request to a Thicket gateway is longer than the binary HTTP in it, in bytes. */
export const REQUEST_OVERHEAD = HEADER_BYTES + hpkeEncSize(GATEWAY_SUITE) + TAG_BYTES;
/** The same of its responses. */
export const RESPONSE_OVERHEAD = CHACHA20_POLY1305.keySize + TAG_BYTES;

export interface SealedRequest {
  readonly encapsulated: Uint8Array;
  /** @returns undefined unless it answers this very request */
  openResponse(encapsulated: Uint8Array): Uint8Array | undefined;
}
export interface OpenedRequest {
  readonly request: Uint8Array;
  sealResponse(response: Uint8Array): Uint8Array;
}
export interface GatewayKey {
  readonly keyId: number;
  readonly suite: HpkeSuite;
  readonly secretKey: Uint8Array;
}
/** For test vectors only: another AEAD, and what is random otherwise. */
export interface Fixed {
  readonly aead?: HpkeAead;
  readonly ephemeral?: Uint8Array;
  readonly responseNonce?: Uint8Array;
}

const header = (keyId: number, suite: HpkeSuite, aead: HpkeAead): Uint8Array => {
  const { kemId, kdfId } = hpkeSuiteFacts(suite);
  return concatBytes(Uint8Array.of(keyId), u16(kemId), u16(kdfId), u16(aead.id));
};
const infoOf = (head: Uint8Array): Uint8Array => concatBytes(REQUEST_LABEL, Uint8Array.of(0), head);

/**
 * Seals binary HTTP to a gateway.
 * @returns undefined if the configuration does not offer the suite's own KDF with our AEAD
 * @throws HpkeKeyError
 */
export function encapsulateRequest(config: KeyConfig, request: Uint8Array, fixed: Fixed = {}): SealedRequest | undefined {
  const aead = fixed.aead ?? CHACHA20_POLY1305;
  if (!offers(config, aead)) return undefined;
  const head = header(config.keyId, config.suite, aead);
  const sender = hpkeSender(config.suite, config.publicKey, infoOf(head), { aead, ephemeral: fixed.ephemeral });
  const { enc } = sender;
  const secret = sender.exportSecret(RESPONSE_LABEL, secretBytes(aead));
  return {
    encapsulated: concatBytes(head, enc, sender.sealOnce(EMPTY, request)),
    openResponse(response) {
      const nonce = response.subarray(0, secretBytes(aead));
      const sealed = response.subarray(secretBytes(aead));
      if (sealed.length < TAG_BYTES) return undefined;
      const keys = responseKeys(config.suite, aead, secret, enc, nonce);
      return aead.open(keys.key, keys.nonce, EMPTY, sealed);
    },
  };
}

/** @returns undefined if it was not sealed to this key with its suite */
export function decapsulateRequest({ keyId, suite, secretKey }: GatewayKey, encapsulated: Uint8Array, fixed: Fixed = {}): OpenedRequest | undefined {
  const aead = fixed.aead ?? CHACHA20_POLY1305;
  const encEnd = HEADER_BYTES + hpkeEncSize(suite);
  const head = header(keyId, suite, aead);
  if (encapsulated.length < encEnd + TAG_BYTES || !equalBytes(encapsulated.subarray(0, HEADER_BYTES), head)) return undefined;
  const enc = encapsulated.slice(HEADER_BYTES, encEnd);
  const recipient = hpkeRecipient(suite, secretKey, enc, infoOf(head), aead);
  const request = recipient?.open(EMPTY, encapsulated.subarray(encEnd));
  if (recipient === undefined || request === undefined) return undefined;
  return {
    request,
    sealResponse(response) {
      const nonce = fixed.responseNonce ?? randomBytes(secretBytes(aead));
      const keys = responseKeys(suite, aead, recipient.exportSecret(RESPONSE_LABEL, secretBytes(aead)), enc, nonce);
      return concatBytes(nonce, aead.seal(keys.key, keys.nonce, EMPTY, response));
    },
  };
}

const secretBytes = (aead: HpkeAead): number => Math.max(aead.keySize, NONCE_BYTES);

/** RFC 9458 section 4.4. */
function responseKeys(suite: HpkeSuite, aead: HpkeAead, secret: Uint8Array, enc: Uint8Array, nonce: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const { hash } = hpkeSuiteFacts(suite);
  const prk = hkdfExtract(hash, concatBytes(enc, nonce), secret);
  return { key: hkdfExpand(hash, prk, utf8('key'), aead.keySize), nonce: hkdfExpand(hash, prk, utf8('nonce'), NONCE_BYTES) };
}
