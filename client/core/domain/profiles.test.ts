import { create, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProfileFactsSchema, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { ed25519KeyPair, ed25519Sign, ed25519Verify, sodiumReady } from '#shared/sodium.ts';
import { LARGEST_PICTURE, pictureType } from './pictures.ts';
import { readProfile } from './profiles.ts';
import { LABELS, signFacts, type Label, type Signer } from './signing.ts';

beforeAll(() => sodiumReady());

const signer = (fill: number): Signer => {
  const keys = ed25519KeyPair(new Uint8Array(32).fill(fill));
  return { key: keys.verifyKey, sign: (message) => ed25519Sign(keys.signKey, message) };
};
const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const [HUB, ROOM] = [bytes(16, 1), bytes(16, 2)];
const webp = (length = 64) => {
  const picture = bytes(length, 7);
  picture.set(new TextEncoder().encode('RIFF1234WEBP'));
  return picture;
};

interface About { memberKey?: Uint8Array; room?: Uint8Array; hub?: Uint8Array; name?: string; colour?: number; version?: number; picture?: Uint8Array }
const profile = (by: Signer, about: About = {}, label: Label = LABELS.profile): Signed =>
  signFacts(label, toBinary(ProfileFactsSchema, create(ProfileFactsSchema, {
    hub: HUB, room: ROOM, memberKey: by.key, version: 1, name: 'Rosa', colour: 3, picture: webp(), ...about,
  })), [by]);
const read = (signed: Signed) => readProfile(signed, HUB, ROOM, ed25519Verify)?.facts.name;

describe('how somebody looks in a room', () => {
  it('is what they signed for this room', () => {
    expect(read(profile(signer(1)))).toBe('Rosa');
    expect(read(profile(signer(1), { name: '', picture: new Uint8Array(0) }))).toBe('');
  });
  it('is never what another says of them, or what they said of another room or hub', () => {
    expect(read(profile(signer(2), { memberKey: signer(1).key }))).toBeUndefined();
    expect(read(profile(signer(1), {}, LABELS.card))).toBeUndefined();
    expect(read(profile(signer(1), { room: bytes(16, 9) }))).toBeUndefined();
    expect(read(profile(signer(1), { hub: bytes(16, 9) }))).toBeUndefined();
  });
  it('holds nothing that may not be shown', () => {
    expect(read(profile(signer(1), { name: 'Ro\u202esa' }))).toBeUndefined();
    expect(read(profile(signer(1), { name: 'x'.repeat(65) }))).toBeUndefined();
    expect(read(profile(signer(1), { colour: 13 }))).toBeUndefined();
    expect(read(profile(signer(1), { version: 0 }))).toBeUndefined();
    expect(read(profile(signer(1), { picture: new TextEncoder().encode('<svg onload="alert(1)"></svg>') }))).toBeUndefined();
    expect(read(profile(signer(1), { picture: webp(LARGEST_PICTURE + 1) }))).toBeUndefined();
  });
});

describe('a picture', () => {
  it('is a WebP or a JPEG by its own first bytes, and nothing else', () => {
    expect(pictureType(webp())).toBe('image/webp');
    expect(pictureType(Uint8Array.of(0xff, 0xd8, 0xff, ...bytes(20, 0)))).toBe('image/jpeg');
    expect(pictureType(new TextEncoder().encode('GIF89a, sixteen bytes'))).toBeUndefined();
    expect(pictureType(new TextEncoder().encode('<html>'.repeat(8)))).toBeUndefined();
    expect(pictureType(new Uint8Array(0))).toBeUndefined();
  });
});
