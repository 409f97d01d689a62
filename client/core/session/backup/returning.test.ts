/** Rosa comes back with a new device; mallory, who shared a room with her and so has her card, would like to as well. */
import { create, fromBinary } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import type { HubId } from '#shared/ids.ts';
import { unpad } from '#shared/padding.ts';
import { randomBytes, sodiumReady, unseal, xwingKeyPair } from '#shared/sodium.ts';
import { InvitationSchema, JoinClaimSchema, type Invitation, type JoinClaim } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { Stage, type Profile } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { invitationLink } from '../../content/links.ts';
import { signerFrom } from '../signer.ts';
import { inviterMark, newProfile } from '../identity.ts';
import { meetingOf } from '../meeting.ts';
import { isByMember, returningProfile } from './returning.ts';

beforeAll(() => sodiumReady());

const ORIGIN = 'https://hub.example.net';
const hub = new Uint8Array(16).fill(9) as HubId;
const invitationOf = (): Invitation => create(InvitationSchema, { version: 1, secret: randomBytes(16), hub, inviter: inviterMark(randomBytes(32)) });
function claimOf(profile: Profile, invitation: Invitation): JoinClaim {
  const { newcomer } = returningProfile(profile, invitationLink(ORIGIN, invitation));
  const { id, key } = meetingOf(invitation);
  return fromBinary(JoinClaimSchema, unpad(unseal(key, newcomer?.claimBody ?? new Uint8Array(0), id) as Uint8Array) as Uint8Array);
}

it('believes rosa, and nobody with her card alone, for this meeting and this answer only', () => {
  const rosa = newProfile(ORIGIN, hub, 'rosa', Stage.MEMBER);
  const rosaKey = signerFrom(rosa.memberSeed).key;
  const invitation = invitationOf();
  const claim = claimOf(rosa, invitation);
  expect(isByMember(invitation, claim, rosaKey)).toBe(true);

  const { returning: _none, ...bare } = claim;
  expect(isByMember(invitation, bare, rosaKey), 'a card alone').toBe(false);
  expect(isByMember(invitationOf(), claim, rosaKey), 'carried to another meeting').toBe(false);
  expect(isByMember(invitation, { ...claim, sealKey: xwingKeyPair().publicKey }, rosaKey), 'an answer to somebody else').toBe(false);
  const mallory = newProfile(ORIGIN, hub, 'mallory', Stage.MEMBER);
  expect(isByMember(invitation, claimOf({ ...mallory, ...(rosa.card && { card: rosa.card }) }, invitation), rosaKey), 'signed by another').toBe(false);
});

it('has a pass of its own for the ticket, and waits', () => {
  const rosa = newProfile(ORIGIN, hub, 'rosa', Stage.MEMBER);
  const waiting = returningProfile(rosa, invitationLink(ORIGIN, invitationOf()));
  expect(waiting.stage).toBe(Stage.WAITING);
  expect(waiting.passId).not.toEqual(rosa.passId);
  expect(waiting.memberSeed).toEqual(rosa.memberSeed);
  const other = create(InvitationSchema, { ...invitationOf(), hub: new Uint8Array(16).fill(8) });
  expect(() => returningProfile(rosa, invitationLink(ORIGIN, other))).toThrow(expect.objectContaining({ code: 'link-of-other-hub' }));
});
