/** HPKE held to RFC 9180 A.2 and, for X-Wing, to the library that ts-mls uses by default: each opens what the other sealed. */
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256, HkdfSha512 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  hpkeDeriveKeyPair, HpkeKeyError, hpkeKeyPair, hpkeOpen, hpkeOverhead, hpkeReceiveExport, hpkeSeal, hpkeSendExport, type HpkeSuite,
} from './hpke.ts';
import { hex, randomBytes, sodiumReady, utf8 } from './sodium.ts';

beforeAll(sodiumReady);

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const INFO = utf8('info');
const AAD = utf8('aad');
const TEXT = utf8('Beauty is truth, truth beauty');

describe('RFC 9180 appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, base mode', () => {
  const info = bytes('4f6465206f6e2061204772656369616e2055726e');
  const ikmE = bytes('909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b');
  const ikmR = bytes('1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df');
  const enc = bytes('1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a');

  it('derives the key pairs', () => {
    expect(hex(hpkeDeriveKeyPair('classical', ikmE).secretKey)).toBe('f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600');
    const recipient = hpkeDeriveKeyPair('classical', ikmR);
    expect(hex(recipient.secretKey)).toBe('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb');
    expect(hex(recipient.publicKey)).toBe('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a');
  });

  it('seals and opens sequence number 0', () => {
    const { secretKey, publicKey } = hpkeDeriveKeyPair('classical', ikmR);
    const sealed = hpkeSeal('classical', publicKey, info, utf8('Count-0'), TEXT, hpkeDeriveKeyPair('classical', ikmE).secretKey);
    expect(hex(sealed.enc)).toBe(hex(enc));
    expect(hex(sealed.ciphertext)).toBe('1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28');
    expect(hpkeOpen('classical', secretKey, info, utf8('Count-0'), sealed)).toEqual(TEXT);
  });

  it.each([
    ['', '4bbd6243b8bb54cec311fac9df81841b6fd61f56538a775e7c80a9f40160606e'],
    ['00', '8c1df14732580e5501b00f82b10a1647b40713191b7c1240ac80e2b68808ba69'],
    ['54657374436f6e74657874', '5acb09211139c43b3090489a9da433e8a30ee7188ba8b0a9a1ccf0c229283e53'],
  ])('exports for context "%s"', (context, secret) => {
    const { secretKey, publicKey } = hpkeDeriveKeyPair('classical', ikmR);
    const ephemeral = hpkeDeriveKeyPair('classical', ikmE).secretKey;
    expect(hex(hpkeSendExport('classical', publicKey, info, bytes(context), 32, ephemeral).secret)).toBe(secret);
    expect(hex(hpkeReceiveExport('classical', secretKey, info, bytes(context), 32, enc) as Uint8Array)).toBe(secret);
  });
});

/** The other implementation, for the suites of ts-mls. */
function otherSide(suite: HpkeSuite): CipherSuite {
  const aead = new Chacha20Poly1305();
  return suite === 'xwing'
    ? new CipherSuite({ kem: new XWing(), kdf: new HkdfSha512(), aead })
    : new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead });
}
const buffer = (data: Uint8Array): ArrayBuffer => Uint8Array.from(data).buffer;

describe.each(['classical', 'xwing'] as const)('suite %s beside @hpke/core', (suite) => {
  it('derives the same key pairs', async () => {
    const other = otherSide(suite);
    for (const size of [32, 64]) {
      const ikm = randomBytes(size);
      const theirs = await other.kem.deriveKeyPair(buffer(ikm));
      const ours = hpkeDeriveKeyPair(suite, ikm);
      expect(hex(new Uint8Array(await other.kem.serializePublicKey(theirs.publicKey)))).toBe(hex(ours.publicKey));
      expect(hex(new Uint8Array(await other.kem.serializePrivateKey(theirs.privateKey)))).toBe(hex(ours.secretKey));
    }
  });

  it('each opens what the other sealed, and exports the same', async () => {
    const other = otherSide(suite);
    const pair = hpkeKeyPair(suite);
    const recipientPublicKey = await other.kem.deserializePublicKey(buffer(pair.publicKey));
    const recipientKey = await other.kem.deserializePrivateKey(buffer(pair.secretKey));

    const ours = hpkeSeal(suite, pair.publicKey, INFO, AAD, TEXT);
    expect(ours.enc.length + ours.ciphertext.length).toBe(TEXT.length + hpkeOverhead(suite));
    const opened = await other.open({ recipientKey, enc: buffer(ours.enc), info: buffer(INFO) }, buffer(ours.ciphertext), buffer(AAD));
    expect(new Uint8Array(opened)).toEqual(TEXT);

    const theirs = await other.seal({ recipientPublicKey, info: buffer(INFO) }, buffer(TEXT), buffer(AAD));
    const sealed = { enc: new Uint8Array(theirs.enc), ciphertext: new Uint8Array(theirs.ct) };
    expect(hpkeOpen(suite, pair.secretKey, INFO, AAD, sealed)).toEqual(TEXT);

    const sender = await other.createSenderContext({ recipientPublicKey, info: buffer(INFO) });
    const exported = new Uint8Array(await sender.export(buffer(utf8('context')), 64));
    expect(hpkeReceiveExport(suite, pair.secretKey, INFO, utf8('context'), 64, new Uint8Array(sender.enc))).toEqual(exported);
  });

  it('opens nothing that was changed, or is for somebody else', () => {
    const pair = hpkeKeyPair(suite);
    const sealed = hpkeSeal(suite, pair.publicKey, INFO, AAD, TEXT);
    const flipped = sealed.enc.slice();
    flipped[3] = (flipped[3] as number) ^ 1;
    expect(hpkeOpen(suite, pair.secretKey, INFO, AAD, { ...sealed, enc: flipped })).toBeUndefined();
    expect(hpkeOpen(suite, hpkeKeyPair(suite).secretKey, INFO, AAD, sealed)).toBeUndefined();
    expect(hpkeOpen(suite, pair.secretKey, AAD, INFO, sealed)).toBeUndefined();
    expect(hpkeOpen(suite, pair.secretKey, INFO, AAD, { ...sealed, enc: sealed.enc.subarray(1) })).toBeUndefined();
    expect(hpkeOpen(suite, new Uint8Array(31), INFO, AAD, sealed)).toBeUndefined();
    expect(() => hpkeSeal(suite, pair.publicKey.subarray(1), INFO, AAD, TEXT)).toThrow(HpkeKeyError);
  });

  it('a public key that is none of the KEM’s is a typed error', () => {
    const worthless = new Uint8Array(hpkeKeyPair(suite).publicKey.length).fill(suite === 'xwing' ? 0xff : 0);
    expect(() => hpkeSeal(suite, worthless, INFO, AAD, TEXT)).toThrow(HpkeKeyError);
  });
});
