/** Cards: what members show of themselves to people they share a room with. The newest version of each wins. */
import { CardFactsSchema, type CardFacts, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { MOST_DEVICES } from './own-room.ts';
import { decode } from './parsing.ts';
import { cleanName } from './room-policy.ts';
import { LABELS, sameBytes, signersOf, type Verify } from './signing.ts';

export interface Card {
  readonly facts: CardFacts;
  readonly signed: Signed;
}

/** @returns the card if its member signed it and its name may be shown. */
export function readCard(signed: Signed | undefined, hub: Uint8Array, verify: Verify): Card | undefined {
  if (signed === undefined) return undefined;
  const facts = decode(CardFactsSchema, signed.facts);
  if (facts === undefined || !sameBytes(facts.hub, hub) || facts.pool.length !== 16) return undefined;
  if (facts.morePools.length >= MOST_DEVICES || facts.morePools.some((pool) => pool.length !== 16)) return undefined;
  if (facts.name.length === 0 || cleanName(facts.name) !== facts.name) return undefined;
  const bySelf = signersOf(LABELS.card, signed, verify).some((key) => sameBytes(key, facts.memberKey));
  return bySelf ? { facts, signed } : undefined;
}

/** @returns true if `card` says something newer than what is known of its member. */
export const isNewer = (card: Card, known: Card | undefined): boolean =>
  known === undefined || card.facts.version > known.facts.version;
