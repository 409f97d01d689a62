/**
 * The hub's signed constitution, as a reducer over signed facts: version 1 is signed by the root key that the hub's id
 * names, every later one by a steward of the version before it. Versions only go up, one at a time, each naming the
 * hash of the one before.
 */
import { BulletinFactsSchema, type BulletinFacts, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from './parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf, type Verify } from './signing.ts';

export interface Bulletin {
  readonly facts: BulletinFacts;
  /** SHA-256 of the facts as signed; the next version names it. */
  readonly hash: Uint8Array;
}

export type BulletinRefusal =
  | 'unreadable' | 'other-hub' | 'not-next-version' | 'wrong-previous' | 'root-changed' | 'not-signed-by-steward' | 'bad-policy';

export interface BulletinTools {
  readonly verify: Verify;
  readonly sha256: (data: Uint8Array) => Uint8Array;
}

/** @returns the new bulletin, or why it is refused (then `current` stays). */
export function acceptBulletin(
  current: Bulletin | undefined, signed: Signed, hub: Uint8Array, tools: BulletinTools,
): Bulletin | BulletinRefusal {
  const facts = decode(BulletinFactsSchema, signed.facts);
  if (facts === undefined) return 'unreadable';
  if (!sameBytes(facts.hub, hub) || !sameBytes(tools.sha256(facts.rootKey).slice(0, 16), hub)) return 'other-hub';
  if (facts.version !== (current?.facts.version ?? 0) + 1) return 'not-next-version';
  if (!sameBytes(facts.previous, current?.hash ?? new Uint8Array(0))) return 'wrong-previous';
  if (current !== undefined && !sameBytes(facts.rootKey, current.facts.rootKey)) return 'root-changed';
  if (facts.stewards.length === 0 || facts.vouchers < 1) return 'bad-policy';
  const allowed = current === undefined ? [facts.rootKey] : current.facts.stewards.filter((key) => !includesKey(current.facts.revoked, key));
  if (!signersOf(LABELS.bulletin, signed, tools.verify).some((key) => includesKey(allowed, key))) return 'not-signed-by-steward';
  return { facts, hash: tools.sha256(signed.facts) };
}

/** Follows a whole chain from version 1. */
export function followBulletins(chain: readonly Signed[], hub: Uint8Array, tools: BulletinTools): Bulletin | BulletinRefusal {
  let current: Bulletin | undefined;
  for (const signed of chain) {
    const next = acceptBulletin(current, signed, hub, tools);
    if (typeof next === 'string') return next;
    current = next;
  }
  return current ?? 'unreadable';
}
