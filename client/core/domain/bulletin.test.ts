import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { BulletinFactsSchema, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { ed25519KeyPair, ed25519Sign, ed25519Verify, sha256, sodiumReady } from '#shared/sodium.ts';
import { hpkeKeyPair } from '#shared/hpke.ts';
import { encodeKeyConfig, gatewayConfig, isGatewayConfig } from '#shared/ohttp/key-config.ts';
import { acceptBulletin, followBulletins, type Bulletin } from './bulletin.ts';
import { LABELS, signFacts, type Signer } from './signing.ts';

const tools = { verify: ed25519Verify, sha256, isGateway: isGatewayConfig };
beforeAll(sodiumReady);

const somebody = (): Signer => {
  const keys = ed25519KeyPair();
  return { key: keys.verifyKey, sign: (message) => ed25519Sign(keys.signKey, message) };
};

describe('a hub whose bulletin alice signs', () => {
  let root: Signer, alice: Signer, mallory: Signer, hub: Uint8Array, first: Bulletin, firstSigned: Signed;

  const write = (change: MessageInitShape<typeof BulletinFactsSchema>, signers: readonly Signer[]): Signed =>
    signFacts(LABELS.bulletin, toBinary(BulletinFactsSchema, create(BulletinFactsSchema, {
      hub, hubName: 'Riverside', rootKey: root.key, stewards: [alice.key], inviters: [alice.key], vouchers: 1, version: 1, ...change,
    })), signers);
  const second = (change: MessageInitShape<typeof BulletinFactsSchema>, signers: readonly Signer[]) =>
    acceptBulletin(first, write({ version: 2, previous: first.hash, ...change }, signers), hub, tools);

  beforeAll(() => {
    [root, alice, mallory] = [somebody(), somebody(), somebody()];
    hub = sha256(root.key).slice(0, 16);
    firstSigned = write({}, [root, alice]);
    const accepted = acceptBulletin(undefined, firstSigned, hub, tools);
    if (typeof accepted === 'string') throw new Error(accepted);
    first = accepted;
  });

  it('takes the next version that a steward signed', () => {
    expect(second({ hubName: 'Hillside' }, [alice])).toMatchObject({ facts: { hubName: 'Hillside', version: 2 } });
  });
  it('names a neighbour for posts only by an address that hides who sends, and with the key they are sealed to', () => {
    const gateway = encodeKeyConfig(gatewayConfig(hpkeKeyPair('xwing').publicKey));
    expect(second({ neighbour: 'https://hub-b.example', gateway }, [alice])).toMatchObject({ facts: { neighbour: 'https://hub-b.example' } });
    expect(second({ neighbour: 'http://127.0.0.1:8081', gateway }, [alice])).toMatchObject({ facts: { version: 2 } });
    for (const neighbour of ['http://hub-b.example', 'https://hub-b.example/', 'https://hub-b.example/x', 'hub-b.example', 'javascript:alert(1)']) {
      expect(second({ neighbour, gateway }, [alice]), neighbour).toBe('bad-policy');
    }
    expect(second({ neighbour: 'https://hub-b.example' }, [alice])).toBe('bad-policy');
  });
  it('refuses a gateway that posts cannot be sealed to, with or without a neighbour: they would wait for ever', () => {
    const good = gatewayConfig(hpkeKeyPair('xwing').publicKey);
    const config = encodeKeyConfig(good);
    expect(second({ gateway: config }, [alice])).toMatchObject({ facts: { version: 2 } });
    const elsewise = encodeKeyConfig({ ...good, symmetric: [{ kdfId: 1, aeadId: 1 }] });
    for (const gateway of [new Uint8Array(8), config.slice(0, -1), Uint8Array.from([...config, 0]), elsewise]) {
      for (const neighbour of ['', 'https://hub-b.example']) expect(second({ gateway, neighbour }, [alice])).toBe('bad-gateway');
    }
  });
  it('takes the first version from the root key only', () => {
    expect(acceptBulletin(undefined, write({}, [alice]), hub, tools)).toBe('not-signed-by-steward');
  });
  it('refuses what mallory signed, and what nobody signed', () => {
    expect(second({}, [mallory])).toBe('not-signed-by-steward');
    expect(second({}, [])).toBe('not-signed-by-steward');
  });
  it('refuses a signature made for something else', () => {
    const facts = toBinary(BulletinFactsSchema, create(BulletinFactsSchema, {
      hub, rootKey: root.key, stewards: [mallory.key], vouchers: 1, version: 2, previous: first.hash,
    }));
    expect(acceptBulletin(first, signFacts(LABELS.card, facts, [alice]), hub, tools)).toBe('not-signed-by-steward');
  });
  it('never goes back, never skips, never branches', () => {
    expect(acceptBulletin(first, firstSigned, hub, tools)).toBe('not-next-version');
    expect(second({ version: 3 }, [alice])).toBe('not-next-version');
    expect(second({ previous: new Uint8Array(32) }, [alice])).toBe('wrong-previous');
  });
  it('refuses another root and another hub', () => {
    expect(second({ rootKey: mallory.key }, [alice])).toBe('other-hub');
    expect(second({ hub: new Uint8Array(16) }, [alice])).toBe('other-hub');
  });
  it('refuses a policy under which nobody or anybody could be admitted', () => {
    expect(second({ vouchers: 0 }, [alice])).toBe('bad-policy');
    expect(second({ stewards: [] }, [alice])).toBe('bad-policy');
  });
  it('does not listen to a steward who is revoked', () => {
    const revoked = second({ revoked: [alice.key] }, [alice]);
    if (typeof revoked === 'string') throw new Error(revoked);
    const third = write({ version: 3, previous: revoked.hash }, [alice]);
    expect(acceptBulletin(revoked, third, hub, tools)).toBe('not-signed-by-steward');
  });
  it('follows a whole chain, and stops at its first flaw', () => {
    const next = write({ version: 2, previous: first.hash }, [alice]);
    expect(followBulletins([firstSigned, next], hub, tools)).toMatchObject({ facts: { version: 2 } });
    expect(followBulletins([next], hub, tools)).toBe('not-next-version');
    expect(followBulletins([], hub, tools)).toBe('unreadable');
  });
});
