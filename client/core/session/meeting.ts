/** What both sides of an invitation derive from it, and the phrase they compare. */
import { rendezvousId, type RendezvousId } from '#shared/ids.ts';
import type { Invitation } from '../content/gen/thicket/content/v1/content_pb.ts';
import { PHRASE_BYTES, phraseOf } from '../domain/phrase.ts';
import type { HpkeSuite } from '#shared/hpke.ts';
import { argon2id, concatBytes, deriveKey, utf8, type Argon2Cost } from '#shared/sodium.ts';
import { SessionFailure } from './api.ts';

/** Days a meeting place is kept; the day is the finest the relay knows. */
export const INVITATION_MS = 72 * 3_600_000;
export const ANSWER_INFO = utf8('thicket/1 join answer');
export const ANSWER_SUITE: HpkeSuite = 'xwing';

export const PHRASE_COST: Argon2Cost = { operations: 3, memory: 64 * 1024 * 1024 };

export function meetingOf(invitation: Invitation): { readonly id: RendezvousId; readonly key: Uint8Array } {
  const id = rendezvousId(deriveKey(invitation.secret, 'thicket/1 rendezvous id', invitation.hub, 16));
  if (id === undefined) throw new SessionFailure('internal');
  return { id, key: deriveKey(invitation.secret, 'thicket/1 rendezvous key', invitation.hub) };
}

/**
 * Binds the hub, the inviter, the newcomer's member key and the key their answer is sealed to. Whoever sits between
 * with keys of their own shows another phrase, and Argon2id makes looking for keys that show the same one hopeless.
 */
export function phraseFor(invitation: Invitation, memberKey: Uint8Array, sealKey: Uint8Array): readonly string[] {
  const { id } = meetingOf(invitation);
  const facts = concatBytes(utf8('thicket/1 phrase'), invitation.hub, invitation.inviter, memberKey, sealKey);
  return phraseOf(argon2id(facts, id, PHRASE_COST, Math.max(PHRASE_BYTES, 16)));
}
