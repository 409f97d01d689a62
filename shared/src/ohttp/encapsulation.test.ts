/** Oblivious HTTP held to the complete example of RFC 9458 appendix A, which uses AES-128-GCM. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { hpkeKeyPair, type HpkeAead } from '../hpke.ts';
import { hex, randomBytes, sodiumReady, utf8 } from '../sodium.ts';
import { decapsulateRequest, encapsulateRequest, REQUEST_OVERHEAD, RESPONSE_OVERHEAD, type SealedRequest } from './encapsulation.ts';
import { decodeKeyConfig, encodeKeyConfig, gatewayConfig, type KeyConfig } from './key-config.ts';

beforeAll(sodiumReady);

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

const AES_128_GCM: HpkeAead = {
  id: 0x0001,
  keySize: 16,
  seal(key, nonce, aad, plaintext) {
    const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(aad);
    return Uint8Array.from(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  open(key, nonce, aad, ciphertext) {
    try {
      const cipher = createDecipheriv('aes-128-gcm', key, nonce).setAAD(aad).setAuthTag(ciphertext.subarray(-16));
      return Uint8Array.from(Buffer.concat([cipher.update(ciphertext.subarray(0, -16)), cipher.final()]));
    } catch {
      return undefined;
    }
  },
};

describe('RFC 9458 appendix A', () => {
  const secretKey = bytes('3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a');
  const ephemeral = bytes('bc51d5e930bda26589890ac7032f70ad12e4ecb37abb1b65b1256c9c48999c73');
  const config = bytes('01002031e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e79815500080001000100010003');
  const request = bytes('00034745540568747470730b6578616d706c652e636f6d012f');
  const encapsulatedRequest = '010020000100014b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad19dec96c208b4726374e469135906992e1268c594d2a10c695d858c40a026e7965e7d86b83dd440b2c0185204b4d63525';
  const response = bytes('0140c8');
  const responseNonce = bytes('c789e7151fcba46158ca84b04464910d');
  const encapsulatedResponse = 'c789e7151fcba46158ca84b04464910d86f9013e404feea014e7be4a441f234f857fbd';
  const read = (): KeyConfig => decodeKeyConfig(config) as KeyConfig;

  it('the key configuration', () => {
    expect(read()).toMatchObject({ keyId: 1, suite: 'classical', symmetric: [{ kdfId: 1, aeadId: 1 }, { kdfId: 1, aeadId: 3 }] });
    expect(hex(encodeKeyConfig(read()))).toBe(hex(config));
    expect(decodeKeyConfig(config.subarray(0, -1))).toBeUndefined();
    expect(decodeKeyConfig(Uint8Array.from([...config, 0]))).toBeUndefined();
    expect(decodeKeyConfig(Uint8Array.from([1, 0, 0x10, ...config.subarray(3)]))).toBeUndefined();
  });

  it('request and response, both ways, to the byte', () => {
    const sent = encapsulateRequest(read(), request, { aead: AES_128_GCM, ephemeral }) as SealedRequest;
    expect(hex(sent.encapsulated)).toBe(encapsulatedRequest);
    const opened = decapsulateRequest({ keyId: 1, suite: 'classical', secretKey }, sent.encapsulated, { aead: AES_128_GCM, responseNonce });
    expect(opened?.request).toEqual(request);
    expect(hex(opened?.sealResponse(response) as Uint8Array)).toBe(encapsulatedResponse);
    expect(sent.openResponse(bytes(encapsulatedResponse))).toEqual(response);
  });
});

describe('the gateway of a hub: X-Wing, HKDF-SHA512, ChaCha20-Poly1305', () => {
  const request = utf8('a binary request');
  const pairs = () => {
    const pair = hpkeKeyPair('xwing');
    return { key: { keyId: 1, suite: 'xwing', secretKey: pair.secretKey } as const, config: decodeKeyConfig(encodeKeyConfig(gatewayConfig(pair.publicKey))) as KeyConfig };
  };

  it('answers whoever asked, and nobody else can read the answer', () => {
    const { key, config } = pairs();
    const mine = encapsulateRequest(config, request) as SealedRequest;
    const other = encapsulateRequest(config, request) as SealedRequest;
    expect(mine.encapsulated.length).toBe(request.length + REQUEST_OVERHEAD);
    const opened = decapsulateRequest(key, mine.encapsulated);
    expect(opened?.request).toEqual(request);
    const answer = opened?.sealResponse(utf8('yes')) as Uint8Array;
    expect(answer.length).toBe(3 + RESPONSE_OVERHEAD);
    expect(mine.openResponse(answer)).toEqual(utf8('yes'));
    expect(other.openResponse(answer)).toBeUndefined();
    expect(hex(mine.encapsulated.subarray(7))).not.toBe(hex(other.encapsulated.subarray(7)));
    // Twice the same answer never has the same bytes, and a changed one is none.
    expect(opened?.sealResponse(utf8('yes'))).not.toEqual(answer);
    for (const at of [0, 31, 32, answer.length - 1]) expect(mine.openResponse(flipped(answer, at))).toBeUndefined();
    expect(mine.openResponse(new Uint8Array(40))).toBeUndefined();
  });

  it('opens nothing changed, cut, of another key or another suite', () => {
    const { key, config } = pairs();
    const { encapsulated } = encapsulateRequest(config, request) as SealedRequest;
    for (const at of [0, 1, 2, 4, 6, 7, 700, 1126, 1130, encapsulated.length - 1]) expect(decapsulateRequest(key, flipped(encapsulated, at))).toBeUndefined();
    expect(decapsulateRequest(key, encapsulated.subarray(0, -1))).toBeUndefined();
    expect(decapsulateRequest(key, encapsulated.subarray(0, 100))).toBeUndefined();
    expect(decapsulateRequest(key, new Uint8Array(0))).toBeUndefined();
    expect(decapsulateRequest(pairs().key, encapsulated)).toBeUndefined();
    expect(decapsulateRequest(key, randomBytes(6_000))).toBeUndefined();
    expect(encapsulateRequest({ ...config, symmetric: [{ kdfId: 3, aeadId: 1 }] }, request)).toBeUndefined();
  });
});

function flipped(message: Uint8Array, at: number): Uint8Array {
  const copy = message.slice();
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}
