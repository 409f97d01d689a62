/** The newcomer's side of an invitation. */
import { RelayRefusal } from '#shared/errors.ts';
import { secret32, type HubId, type Secret32 } from '#shared/ids.ts';
import { CLAIM_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { parseInvitationLink } from '../content/links.ts';
import {
  AdmittedSchema, CredentialSchema, InvitationSchema, JoinAnswerSchema, JoinClaimSchema, RefusedSchema, type Admitted, type Invitation, type Signed,
} from '../content/gen/thicket/content/v1/content_pb.ts';
import { NewcomerSchema, Stage, type Newcomer, type Profile } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { followBulletins } from '../domain/bulletin.ts';
import { memberOfLeaf } from '../domain/membership.ts';
import { decode } from '../domain/parsing.ts';
import { readCard } from '../domain/people.ts';
import { LABELS, sameBytes, signersOf, type Label } from '../domain/signing.ts';
import { hpkeEncSize, hpkeOpen } from '#shared/hpke.ts';
import type { Relay } from '../relay/port.ts';
import { ed25519Verify, hex, randomBytes, seal, SEAL_OVERHEAD, xwingKeyPair } from '#shared/sodium.ts';
import { SessionFailure } from './api.ts';
import { BULLETIN_TOOLS, type Device } from './device.ts';
import { signerFrom } from './signer.ts';
import { checkEntries, inviterMark, makeCredential, newProfile } from './identity.ts';
import { heedInviter } from './repair/standing.ts';
import { ANSWER_INFO, ANSWER_SUITE, meetingOf, phraseFor } from './meeting.ts';

/** Keys, claim and phrase for a newcomer. @throws SessionFailure `bad-link` | `bad-name` | `weak-passphrase` */
export function newcomerProfile(link: string, options: { name: string; passphrase: string }): Profile {
  const parsed = parseInvitationLink(link);
  if (parsed === undefined) throw new SessionFailure('bad-link');
  const name = checkEntries(options.name, options.passphrase);
  const { invitation, origin } = parsed;
  const profile = newProfile(origin, invitation.hub as HubId, name, Stage.WAITING);
  const answerKeys = xwingKeyPair();
  const claim = create(JoinClaimSchema, { ...(profile.card && { card: profile.card }), sealKey: answerKeys.publicKey });
  const meeting = meetingOf(invitation);
  const padded = pad(toBinary(JoinClaimSchema, claim), CLAIM_BODY_SIZES, SEAL_OVERHEAD);
  if (padded === undefined) throw new SessionFailure('bad-name');
  return {
    ...profile,
    newcomer: create(NewcomerSchema, {
      invitation: toBinary(InvitationSchema, invitation),
      claimSecret: randomBytes(32),
      claimBody: seal(meeting.key, padded, meeting.id),
      sealSecretKey: answerKeys.secretKey,
      phrase: [...phraseFor(invitation, signerFrom(profile.memberSeed).key, answerKeys.publicKey)],
    }),
  };
}

/** Puts the claim into the meeting place; the same claim again is no second one. */
export async function claimInvitation(relay: Relay, profile: Profile): Promise<void> {
  const { newcomer, claimSecret, meeting } = meetingIn(profile);
  const hello = await relay.hello();
  if (hello.hub === undefined || !sameBytes(hello.hub, profile.hub)) throw new SessionFailure('link-of-other-hub');
  await relay.claimRendezvous({ rendezvous: meeting.id, claimSecret, body: newcomer.claimBody });
}

export type AnswerState = 'waiting' | 'admitted' | 'refused';

/**
 * Looks for the inviter's answer and takes it. What cannot be opened, or is not signed by the inviter the link names,
 * is treated as not there: it did not come from them.
 */
export async function takeAnswer(device: Device): Promise<AnswerState> {
  const { newcomer, claimSecret, meeting, invitation } = meetingIn(device.profile);
  const { answer } = await device.relay.readRendezvous({ rendezvous: meeting.id, secret: claimSecret });
  const padded = answer && openAnswer(newcomer.sealSecretKey, meeting.id, answer);
  const opened = padded && unpad(padded);
  const parsed = opened && decode(JoinAnswerSchema, opened)?.answer;
  if (parsed?.case === undefined) return 'waiting';
  if (parsed.case === 'refused') return isRefusal(parsed.value, invitation.inviter, meeting.id) ? 'refused' : 'waiting';
  const admitted = readAdmitted(parsed.value, invitation.inviter);
  if (admitted === undefined) return 'waiting';
  return (await settleIn(device, admitted)) ? 'admitted' : 'waiting';
}

function openAnswer(secretKey: Uint8Array, meeting: Uint8Array, answer: Uint8Array): Uint8Array | undefined {
  const encSize = hpkeEncSize(ANSWER_SUITE);
  const sealed = { enc: answer.subarray(0, encSize), ciphertext: answer.subarray(encSize) };
  return hpkeOpen(ANSWER_SUITE, secretKey, ANSWER_INFO, meeting, sealed);
}

const isBy = (inviter: Uint8Array, label: Label, signed: Signed): boolean =>
  signersOf(label, signed, ed25519Verify).some((key) => sameBytes(inviterMark(key), inviter));

const readAdmitted = (signed: Signed, inviter: Uint8Array): Admitted | undefined =>
  isBy(inviter, LABELS.admitted, signed) ? decode(AdmittedSchema, signed.facts) : undefined;

function isRefusal(signed: Signed, inviter: Uint8Array, meeting: Uint8Array): boolean {
  const facts = isBy(inviter, LABELS.refused, signed) ? decode(RefusedSchema, signed.facts) : undefined;
  return facts !== undefined && sameBytes(facts.meeting, meeting);
}

/** Holds the answer against the root key the link names, and becomes a member. @returns false where this device asks no longer */
async function settleIn(device: Device, admitted: Admitted): Promise<boolean> {
  const { hub, profile, leafKeys } = device;
  const bulletin = followBulletins(admitted.bulletins, hub, BULLETIN_TOOLS);
  if (typeof bulletin === 'string' || admitted.admission === undefined || admitted.hubKey.length !== 32) throw new SessionFailure('relay-refused');
  const credential = makeCredential(profile, admitted.admission, device.now());
  const verdict = memberOfLeaf(toBinary(CredentialSchema, credential), leafKeys.verifyKey, bulletin, ed25519Verify);
  if (typeof verdict === 'string') throw new SessionFailure('not-admitted');
  const inviter = readCard(admitted.inviterCard, hub, ed25519Verify);
  return device.change(async (draft) => {
    if (draft.profile.stage !== Stage.WAITING) return false;
    draft.setProfile({
      stage: Stage.MEMBER, credential, bulletins: admitted.bulletins, hubKey: admitted.hubKey, ticket: admitted.ticket, spareTicket: admitted.spareTicket,
    });
    draft.bulletin = bulletin;
    if (inviter !== undefined) {
      draft.people.set(hex(inviter.facts.memberKey), inviter);
      heedInviter(draft, admitted.read, inviter.facts.memberKey);
    }
    draft.emit({ changed: 'overview' });
    draft.emit({ changed: 'people' });
    return true;
  });
}

/** Redeems the ticket that came with the answer; again after a crash until the relay knows the pass. */
export async function registerPass(device: Device): Promise<void> {
  const { ticket } = device.profile;
  if (ticket.length === 0) return;
  await device.relay.registerPass(ticket, device.pass);
  await device.change(async (draft) => {
    draft.setProfile({ ticket: new Uint8Array(0), newcomer: create(NewcomerSchema) });
    draft.emit({ changed: 'overview' });
  });
}

interface OwnClaim {
  readonly newcomer: Newcomer;
  readonly claimSecret: Secret32;
  readonly invitation: Invitation;
  readonly meeting: ReturnType<typeof meetingOf>;
}

function meetingIn(profile: Profile): OwnClaim {
  const { newcomer } = profile;
  const claimSecret = newcomer && secret32(newcomer.claimSecret);
  if (newcomer === undefined || claimSecret === undefined) throw new SessionFailure('vault-damaged');
  const invitation = fromBinary(InvitationSchema, newcomer.invitation);
  return { newcomer, claimSecret, meeting: meetingOf(invitation), invitation };
}

/** The claim can never succeed any more: somebody else was first, or the time is over. */
export const isLostClaim = (thrown: unknown): boolean =>
  thrown instanceof RelayRefusal && (thrown.code === 'already-claimed' || thrown.code === 'unknown-rendezvous');
