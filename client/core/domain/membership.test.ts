import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AdmissionFactsSchema, BulletinFactsSchema, CredentialSchema, DeviceFactsSchema, type Signed,
} from '../content/gen/thicket/content/v1/content_pb.ts';
import { ed25519KeyPair, ed25519Sign, ed25519Verify, randomBytes, sodiumReady } from '#shared/sodium.ts';
import type { Bulletin } from './bulletin.ts';
import { memberOfLeaf } from './membership.ts';
import { LABELS, signFacts, type Signer } from './signing.ts';

beforeAll(sodiumReady);

const somebody = (): Signer => {
  const keys = ed25519KeyPair();
  return { key: keys.verifyKey, sign: (message) => ed25519Sign(keys.signKey, message) };
};

describe('whose leaf is this?', () => {
  let hub: Uint8Array, alice: Signer, ines: Signer, bob: Signer, mallory: Signer, leafKey: Uint8Array, bulletin: Bulletin;

  const admission = (member: Signer, inviters: readonly Signer[], inHub = hub): Signed =>
    signFacts(LABELS.admission, toBinary(AdmissionFactsSchema, create(AdmissionFactsSchema, { hub: inHub, memberKey: member.key, day: 20_000 })), inviters);
  const device = (member: Signer, signer: Signer, leaf = leafKey, inHub = hub): Signed =>
    signFacts(LABELS.device, toBinary(DeviceFactsSchema, create(DeviceFactsSchema, { hub: inHub, memberKey: member.key, leafKey: leaf, day: 20_000 })), [signer]);
  const ask = (admitted: Signed, ofDevice: Signed, leaf = leafKey, by = bulletin) =>
    memberOfLeaf(toBinary(CredentialSchema, create(CredentialSchema, { admission: admitted, device: ofDevice })), leaf, by, ed25519Verify);
  const policy = (change: Partial<Bulletin['facts']>): Bulletin => ({ ...bulletin, facts: { ...bulletin.facts, ...change } });

  beforeAll(() => {
    [alice, ines, bob, mallory] = [somebody(), somebody(), somebody(), somebody()];
    hub = randomBytes(16);
    leafKey = randomBytes(32);
    bulletin = {
      hash: randomBytes(32),
      facts: create(BulletinFactsSchema, { hub, version: 1, stewards: [alice.key], inviters: [alice.key, ines.key], vouchers: 1 }),
    };
  });

  it("knows bob's device", () => {
    expect(ask(admission(bob, [alice]), device(bob, bob))).toEqual({ memberKey: bob.key });
  });
  it('knows a ghost: nobody vouched, or somebody who may not', () => {
    expect(ask(admission(mallory, []), device(mallory, mallory))).toBe('not-vouched-for');
    expect(ask(admission(mallory, [mallory]), device(mallory, mallory))).toBe('not-vouched-for');
    expect(ask(admission(bob, [bob]), device(bob, bob))).toBe('not-vouched-for');
  });
  it('counts distinct inviters where the hub asks for two', () => {
    const two = policy({ vouchers: 2 });
    expect(ask(admission(bob, [alice]), device(bob, bob), leafKey, two)).toBe('not-vouched-for');
    expect(ask(admission(bob, [alice, alice]), device(bob, bob), leafKey, two)).toBe('not-vouched-for');
    expect(ask(admission(bob, [alice, ines]), device(bob, bob), leafKey, two)).toEqual({ memberKey: bob.key });
  });
  it('does not count a revoked inviter, nor a revoked member', () => {
    expect(ask(admission(bob, [ines]), device(bob, bob), leafKey, policy({ revoked: [ines.key] }))).toBe('not-vouched-for');
    expect(ask(admission(bob, [alice]), device(bob, bob), leafKey, policy({ revoked: [bob.key] }))).toBe('revoked');
  });
  it("refuses bob's certificates on mallory's leaf", () => {
    expect(ask(admission(bob, [alice]), device(bob, bob), randomBytes(32))).toBe('other-leaf');
    expect(ask(admission(bob, [alice]), device(bob, mallory))).toBe('not-signed-by-member');
    expect(ask(admission(bob, [alice]), device(mallory, mallory))).toBe('other-member');
  });
  it('refuses certificates of another hub', () => {
    const other = randomBytes(16);
    expect(ask(admission(bob, [alice], other), device(bob, bob))).toBe('other-hub');
    expect(ask(admission(bob, [alice]), device(bob, bob, leafKey, other))).toBe('other-hub');
  });
  it('refuses facts changed after signing, and bytes that mean nothing', () => {
    const good = admission(bob, [alice]);
    const facts = fromBinary(AdmissionFactsSchema, good.facts);
    const changed = { ...good, facts: toBinary(AdmissionFactsSchema, { ...facts, memberKey: mallory.key }) };
    expect(ask(changed, device(mallory, mallory))).toBe('not-vouched-for');
    expect(memberOfLeaf(randomBytes(200), leafKey, bulletin, ed25519Verify)).toBe('unreadable');
    expect(memberOfLeaf(new Uint8Array(0), leafKey, bulletin, ed25519Verify)).toBe('unreadable');
  });
});
