/** The wrapper held to the published vectors: a wrong argument order or a wrong variant shows here. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  blake2b, chachaDecrypt, chachaEncrypt, concatBytes, ed25519KeyPair, ed25519Sign, ed25519Verify, equalBytes, hex, hkdfExpand, hkdfExtract, hmac, seal,
  SEAL_OVERHEAD, sha256, sha512, shake256, sodiumReady, unseal, utf8, x25519, x25519PublicKey, xwingDecapsulate, xwingEncapsulate, xwingKeyPair,
} from './sodium.ts';

beforeAll(sodiumReady);

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const run = (first: number, count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => first + i);
const sha3 = (data: Uint8Array): string => createHash('sha3-256').update(data).digest('hex');
const SUNSCREEN = utf8('Ladies and Gentlemen of the class of \'99: If I could offer you only one tip for the future, sunscreen would be it.');

describe('hashing', () => {
  it('SHA-2 (FIPS 180-4) and SHAKE256 (FIPS 202)', () => {
    expect(hex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hex(sha512(utf8('abc')))).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f');
    expect(hex(shake256(new Uint8Array(0), 32))).toBe('46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f');
  });

  it('BLAKE2b-256 (RFC 7693, parameters as in its appendix with 32 bytes of output)', () => {
    expect(hex(blake2b(utf8('abc')))).toBe('bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319');
  });

  it('HMAC (RFC 4231, cases 1 and 6: a short key and one longer than a block)', () => {
    const short = new Uint8Array(20).fill(0x0b);
    expect(hex(hmac('SHA-256', short, utf8('Hi There')))).toBe('b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7');
    expect(hex(hmac('SHA-512', short, utf8('Hi There')))).toBe(
      '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854');
    expect(hex(hmac('SHA-256', new Uint8Array(131).fill(0xaa), utf8('Test Using Larger Than Block-Size Key - Hash Key First'))))
      .toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54');
  });

  it.each([
    { case: 1, ikm: new Uint8Array(22).fill(0x0b), salt: run(0, 13), info: run(0xf0, 10), length: 42,
      prk: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
      okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865' },
    { case: 2, ikm: run(0, 80), salt: run(0x60, 80), info: run(0xb0, 80), length: 82,
      prk: '06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244',
      okm: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87' },
    { case: 3, ikm: new Uint8Array(22).fill(0x0b), salt: new Uint8Array(0), info: new Uint8Array(0), length: 42,
      prk: '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
      okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8' },
  ])('HKDF-SHA-256 (RFC 5869 A.$case)', ({ ikm, salt, info, length, prk, okm }) => {
    const extracted = hkdfExtract('SHA-256', salt, ikm);
    expect(hex(extracted)).toBe(prk);
    expect(hex(hkdfExpand('SHA-256', extracted, info, length))).toBe(okm);
  });

  it('HKDF gives 255 blocks and no more', () => {
    expect(hkdfExpand('SHA-512', new Uint8Array(64), utf8(''), 255 * 64)).toHaveLength(255 * 64);
    expect(() => hkdfExpand('SHA-512', new Uint8Array(64), utf8(''), 255 * 64 + 1)).toThrow(RangeError);
  });
});

describe('Ed25519 (RFC 8032 section 7.1)', () => {
  it.each([
    { seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', message: '',
      key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      signature: 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b' },
    { seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', message: '72',
      key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      signature: '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00' },
    { seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', message: 'af82',
      key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      signature: '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a' },
  ])('message "$message"', ({ seed, message, key, signature }) => {
    const pair = ed25519KeyPair(bytes(seed));
    expect(hex(pair.verifyKey)).toBe(key);
    expect(hex(ed25519Sign(pair.signKey, bytes(message)))).toBe(signature);
    expect(ed25519Verify(pair.verifyKey, bytes(message), bytes(signature))).toBe(true);
    expect(ed25519Verify(pair.verifyKey, concatBytes(bytes(message), utf8('x')), bytes(signature))).toBe(false);
    expect(ed25519Verify(pair.verifyKey, bytes(message), bytes(signature).subarray(1))).toBe(false);
  });
});

describe('X25519 (RFC 7748)', () => {
  it.each([
    ['a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4', 'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'],
    ['4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d', 'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
      '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957'],
  ])('section 5.2, scalar %s', (scalar, point, result) => {
    expect(hex(x25519(bytes(scalar), bytes(point)) as Uint8Array)).toBe(result);
  });

  it('section 6.1: both sides agree', () => {
    const alice = bytes('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');
    const bob = bytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    expect(hex(x25519PublicKey(alice))).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(hex(x25519PublicKey(bob))).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(hex(x25519(alice, x25519PublicKey(bob)) as Uint8Array)).toBe(shared);
    expect(hex(x25519(bob, x25519PublicKey(alice)) as Uint8Array)).toBe(shared);
  });

  it('a low-order point gives nothing', () => {
    expect(x25519(new Uint8Array(32).fill(1), new Uint8Array(32))).toBeUndefined();
  });
});

describe('AEAD', () => {
  it('ChaCha20-Poly1305 (RFC 8439 section 2.8.2)', () => {
    const [key, nonce, aad] = [run(0x80, 32), bytes('070000004041424344454647'), bytes('50515253c0c1c2c3c4c5c6c7')];
    const sealed = bytes(`d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b
      1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116
      1ae10b594f09e26a7e902ecbd0600691`);
    expect(hex(chachaEncrypt(key, nonce, aad, SUNSCREEN))).toBe(hex(sealed));
    expect(chachaDecrypt(key, nonce, aad, sealed)).toEqual(SUNSCREEN);
    expect(chachaDecrypt(key, nonce, utf8('other'), sealed)).toBeUndefined();
  });

  it('XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha A.3.1), nonce first', () => {
    const sealed = concatBytes(run(0x40, 24), bytes(`bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39
      ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e
      c0875924c1c7987947deafd8780acf49`));
    expect(unseal(run(0x80, 32), sealed, bytes('50515253c0c1c2c3c4c5c6c7'))).toEqual(SUNSCREEN);
  });

  it('seal draws a new nonce each time and adds what it says', () => {
    const key = new Uint8Array(32).fill(9);
    const [first, second] = [seal(key, SUNSCREEN, utf8('a')), seal(key, SUNSCREEN, utf8('a'))];
    expect(first).toHaveLength(SUNSCREEN.length + SEAL_OVERHEAD);
    expect(equalBytes(first, second)).toBe(false);
    expect(unseal(key, first, utf8('a'))).toEqual(SUNSCREEN);
    expect(unseal(key, first, utf8('b'))).toBeUndefined();
    expect(unseal(key, first.subarray(0, 30), utf8('a'))).toBeUndefined();
  });
});

describe('X-Wing (draft-connolly-cfrg-xwing-kem, appendix C; key and ciphertext by their SHA3-256)', () => {
  it.each([
    { seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
      eseed: '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
      ss: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
      pk: '5121745904643ad9dfacca7869292c19a8a69533b53e60666b7db910b4ad6367', ct: 'c0abd149f83f45324ac3a7ddc7606c71f257e5ea86113522834a0ee1bcb34e3e' },
    { seed: 'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
      eseed: '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
      ss: 'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
      pk: '799b6016e5daa56ffa1b5e79f7caf73413ceecd6df428642404cac41ddee4853', ct: '7680b7ba47ae09bac4b43001edcef9d98e50df20026e70ba6a424447e1f2b961' },
    { seed: 'ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9',
      eseed: '22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b',
      ss: '953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f',
      pk: '1ef0c99a06026450564957a5402a788feffbbefdcce55d25de254d0a49eb095a', ct: undefined },
  ])('seed $seed', ({ seed, eseed, ss, pk, ct }) => {
    const pair = xwingKeyPair(bytes(seed));
    expect(sha3(pair.publicKey)).toBe(pk);
    const { ciphertext, sharedSecret } = xwingEncapsulate(pair.publicKey, bytes(eseed));
    expect(hex(sharedSecret)).toBe(ss);
    if (ct !== undefined) expect(sha3(ciphertext)).toBe(ct);
    expect(hex(xwingDecapsulate(pair.secretKey, ciphertext) as Uint8Array)).toBe(ss);
  });
});
