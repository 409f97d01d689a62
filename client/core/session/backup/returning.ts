/** Coming back with a new device as the same person: a claim of an ordinary invitation, signed by the member key. */
import { create, toBinary } from '@bufbuild/protobuf';
import { passId, secret32 } from '#shared/ids.ts';
import { CLAIM_BODY_SIZES } from '#shared/limits.ts';
import { pad } from '#shared/padding.ts';
import { concatBytes, ed25519Verify, randomBytes, seal, SEAL_OVERHEAD, xwingKeyPair } from '#shared/sodium.ts';
import { InvitationSchema, JoinClaimSchema, type Invitation, type JoinClaim } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { NewcomerSchema, Stage, type Profile } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { parseInvitationLink } from '../../content/links.ts';
import { includesKey, LABELS, sameBytes, signFacts, signersOf } from '../../domain/signing.ts';
import { SessionFailure } from '../api.ts';
import { signerFrom } from '../signer.ts';
import { meetingOf, phraseFor } from '../meeting.ts';

const returningFacts = (invitation: Invitation, sealKey: Uint8Array): Uint8Array => concatBytes(meetingOf(invitation).id, sealKey);

/** The profile as it waits for the answer, with a pass that the ticket in it is for. @throws SessionFailure `bad-link` | `link-of-other-hub` */
export function returningProfile(profile: Profile, link: string): Profile {
  const parsed = parseInvitationLink(link);
  if (parsed === undefined) throw new SessionFailure('bad-link');
  const { invitation, origin } = parsed;
  if (!sameBytes(invitation.hub, profile.hub)) throw new SessionFailure('link-of-other-hub');
  const member = signerFrom(profile.memberSeed);
  const answerKeys = xwingKeyPair();
  const returning = signFacts(LABELS.returning, returningFacts(invitation, answerKeys.publicKey), [member]);
  const claim = create(JoinClaimSchema, { ...(profile.card && { card: profile.card }), sealKey: answerKeys.publicKey, returning });
  const meeting = meetingOf(invitation);
  const padded = pad(toBinary(JoinClaimSchema, claim), CLAIM_BODY_SIZES, SEAL_OVERHEAD);
  const [id, secret] = [passId(randomBytes(16)), secret32(randomBytes(32))];
  if (padded === undefined || id === undefined || secret === undefined) throw new SessionFailure('internal');
  return {
    ...profile, origin, stage: Stage.WAITING, passId: id, passSecret: secret, ticket: new Uint8Array(0),
    newcomer: create(NewcomerSchema, {
      invitation: toBinary(InvitationSchema, invitation),
      claimSecret: randomBytes(32),
      claimBody: seal(meeting.key, padded, meeting.id),
      sealSecretKey: answerKeys.secretKey,
      phrase: [...phraseFor(invitation, member.key, answerKeys.publicKey)],
      before: { origin: profile.origin, passId: profile.passId, passSecret: profile.passSecret, ticket: profile.ticket },
    }),
  };
}

/** What the profile was before it asked: a member whose rooms can be read. @returns undefined for one that never was */
export function stayingAway({ newcomer }: Profile): Pick<Profile, 'stage' | 'origin' | 'passId' | 'passSecret' | 'ticket' | 'newcomer'> | undefined {
  if (newcomer?.before === undefined) return undefined;
  const { origin, passId: id, passSecret, ticket } = newcomer.before;
  return { stage: Stage.MEMBER, origin, passId: id, passSecret, ticket, newcomer: create(NewcomerSchema) };
}

/** Whether whoever made this claim has the member key on its card: a card alone anybody has who shared a room with them. */
export function isByMember(invitation: Invitation, { returning, sealKey }: JoinClaim, memberKey: Uint8Array): boolean {
  return returning !== undefined && sameBytes(returning.facts, returningFacts(invitation, sealKey))
    && includesKey(signersOf(LABELS.returning, returning, ed25519Verify), memberKey);
}
