/**
 * The hub's signed constitution, as a reducer over signed facts: version 1 is signed by the root key that the hub's id
 * names, every later one by a steward of the version before it. Versions only go up, one at a time, each naming the
 * hash of the one before.
 */
import { BulletinFactsSchema, type BulletinFacts, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { areFitBoards } from './boards/entry.ts';
import { decode } from './parsing.ts';
import { isVanishTime } from './room-policy.ts';
import { includesKey, LABELS, sameBytes, signersOf, type Verify } from './signing.ts';

export interface Bulletin {
  readonly facts: BulletinFacts;
  /** SHA-256 of the facts as signed; the next version names it. */
  readonly hash: Uint8Array;
}

export type BulletinRefusal =
  | 'unreadable' | 'other-hub' | 'not-next-version' | 'wrong-previous' | 'root-changed' | 'not-signed-by-steward' | 'bad-policy' | 'bad-gateway' | 'bad-boards';

export interface BulletinTools {
  readonly verify: Verify;
  readonly sha256: (data: Uint8Array) => Uint8Array;
  /** Whether these bytes name a gateway that posts can be sealed to. */
  readonly isGateway: (config: Uint8Array) => boolean;
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
  if (facts.stewards.length === 0 || facts.vouchers < 1 || !isVanishTime(facts.longestKeepS)) return 'bad-policy';
  if (facts.neighbour !== '' && (neighbourIn(facts.neighbour) !== facts.neighbour || facts.gateway.length === 0)) return 'bad-policy';
  if (!areFitBoards(facts.boards)) return 'bad-boards';
  // Posts that can be sealed to nobody would wait for ever.
  if (facts.gateway.length > 0 && !tools.isGateway(facts.gateway)) return 'bad-gateway';
  const isAllowed = (key: Uint8Array) => (current === undefined ? sameBytes(key, facts.rootKey) : mayRevise(current, key));
  if (!signersOf(LABELS.bulletin, signed, tools.verify).some(isAllowed)) return 'not-signed-by-steward';
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

/** Who may sign the version after this one. */
export const mayRevise = ({ facts }: Bulletin, memberKey: Uint8Array): boolean =>
  includesKey(facts.stewards, memberKey) && !includesKey(facts.revoked, memberKey);

/** Hosts of this machine, for hubs that are tried out on it. */
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** @returns the origin of a hub that posts may go through: by TLS, or on this machine; undefined for anything else */
export function neighbourIn(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) ? url.origin : undefined;
}
