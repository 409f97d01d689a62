/** What both devices derive from a link, and the phrase that the person compares on their two screens. */
import { rendezvousId, type RendezvousId } from '#shared/ids.ts';
import type { DeviceLink } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { PHRASE_BYTES, phraseOf } from '../../domain/phrase.ts';
import { argon2id, concatBytes, deriveKey, sha256, utf8 } from '#shared/sodium.ts';
import { SessionFailure } from '../api.ts';
import { PHRASE_COST } from '../meeting.ts';

/** How long a link is answered. The relay keeps its meeting place for days, and is not asked to do otherwise. */
export const LINK_MS = 10 * 60_000;
export const LINK_INFO = utf8('thicket/1 link answer');

export function linkMeetingOf({ secret, hub }: Pick<DeviceLink, 'secret' | 'hub'>): { readonly id: RendezvousId; readonly key: Uint8Array } {
  const id = rendezvousId(deriveKey(secret, 'thicket/1 link rendezvous id', hub, 16));
  if (id === undefined) throw new SessionFailure('internal');
  return { id, key: deriveKey(secret, 'thicket/1 link rendezvous key', hub) };
}

/**
 * Binds the hub, the member and the whole claim: device key, the key the answer is sealed to, pool and name. Whoever puts a
 * claim of their own in its place shows another phrase, and Argon2id makes looking for one that shows the same hopeless.
 */
export function linkPhraseFor(link: DeviceLink, claim: Uint8Array): readonly string[] {
  const facts = concatBytes(utf8('thicket/1 link phrase'), link.hub, link.member, sha256(claim));
  return phraseOf(argon2id(facts, linkMeetingOf(link).id, PHRASE_COST, Math.max(PHRASE_BYTES, 16)));
}
