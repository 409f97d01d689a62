/**
 * Who belongs. A leaf of a room is somebody's device when its credential carries an admission certificate that enough
 * inviters signed, and a device certificate by that very member for that very leaf key. Anything else is a ghost.
 */
import {
  AdmissionFactsSchema, CredentialSchema, DeviceFactsSchema, type Signed,
} from '../content/gen/thicket/content/v1/content_pb.ts';
import type { Bulletin } from './bulletin.ts';
import { decode } from './parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf, type Verify } from './signing.ts';

/** @returns the member key that enough inviters vouched for, or why it is nobody's */
export function memberOfAdmission(signed: Signed, bulletin: Bulletin, verify: Verify): { readonly memberKey: Uint8Array } | CredentialRefusal {
  const admission = decode(AdmissionFactsSchema, signed.facts);
  if (admission === undefined) return 'unreadable';
  const { hub, inviters, revoked, vouchers } = bulletin.facts;
  if (!sameBytes(admission.hub, hub)) return 'other-hub';
  if (includesKey(revoked, admission.memberKey)) return 'revoked';
  const good = signersOf(LABELS.admission, signed, verify).filter((key) => includesKey(inviters, key) && !includesKey(revoked, key));
  return good.length < vouchers ? 'not-vouched-for' : { memberKey: admission.memberKey };
}

export type CredentialRefusal =
  | 'unreadable' | 'other-hub' | 'not-vouched-for' | 'revoked' | 'other-member' | 'other-leaf' | 'not-signed-by-member';

/** @returns the member key the leaf belongs to, or why the leaf is a ghost. */
export function memberOfLeaf(
  credential: Uint8Array, leafKey: Uint8Array, bulletin: Bulletin, verify: Verify,
): { readonly memberKey: Uint8Array } | CredentialRefusal {
  const parsed = decode(CredentialSchema, credential);
  if (parsed?.admission === undefined || parsed.device === undefined) return 'unreadable';
  const device = decode(DeviceFactsSchema, parsed.device.facts);
  if (device === undefined) return 'unreadable';
  if (!sameBytes(device.hub, bulletin.facts.hub)) return 'other-hub';
  const admitted = memberOfAdmission(parsed.admission, bulletin, verify);
  if (typeof admitted === 'string') return admitted;
  if (!sameBytes(admitted.memberKey, device.memberKey)) return 'other-member';
  if (!sameBytes(device.leafKey, leafKey)) return 'other-leaf';
  if (!includesKey(signersOf(LABELS.device, parsed.device, verify), device.memberKey)) return 'not-signed-by-member';
  return admitted;
}
