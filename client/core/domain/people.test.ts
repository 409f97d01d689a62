import { create, toBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { CardFactsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { ed25519KeyPair, ed25519Sign, ed25519Verify, sodiumReady } from '#shared/sodium.ts';
import { isNewer, readCard, type Card } from './people.ts';
import { LABELS, signFacts, type Signer } from './signing.ts';

beforeAll(sodiumReady);
const hub = new Uint8Array(16).fill(5);
const somebody = (): Signer => {
  const keys = ed25519KeyPair();
  return { key: keys.verifyKey, sign: (message) => ed25519Sign(keys.signKey, message) };
};
const cardOf = (member: Signer, name: string, version = 1, signer = member, inHub = hub) =>
  signFacts(LABELS.card, toBinary(CardFactsSchema, create(CardFactsSchema, {
    hub: inHub, memberKey: member.key, name, pool: new Uint8Array(16), version,
  })), [signer]);
const read = (signed: ReturnType<typeof cardOf>): Card => readCard(signed, hub, ed25519Verify) as Card;

describe('cards', () => {
  it('say what their member signed, and nothing a stranger signed for them', () => {
    const [bob, mallory] = [somebody(), somebody()];
    expect(read(cardOf(bob, 'bob')).facts.name).toBe('bob');
    expect(read(cardOf(bob, 'bob', 1, mallory))).toBeUndefined();
    expect(read(cardOf(bob, 'bob', 1, bob, new Uint8Array(16)))).toBeUndefined();
  });
  it('carry no name that could mislead', () => {
    const bob = somebody();
    for (const name of ['', '\u3164', '\u200b\u2060', ' bob', 'bob\u202e', 'a\nb', 'x'.repeat(65)]) expect(read(cardOf(bob, name)), JSON.stringify(name)).toBeUndefined();
  });
  it('are replaced by newer ones only', () => {
    const bob = somebody();
    const [one, two] = [read(cardOf(bob, 'bob', 1)), read(cardOf(bob, 'Bobby', 2))];
    expect(isNewer(two, one)).toBe(true);
    expect(isNewer(one, two)).toBe(false);
    expect(isNewer(one, one)).toBe(false);
  });
});
