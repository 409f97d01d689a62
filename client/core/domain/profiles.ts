/** How somebody looks in one room. Said by themselves and nobody else, whoever hands it on; the newest version of each wins. */
import { ProfileFactsSchema, type ProfileFacts, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from './parsing.ts';
import { cleanName } from './room-policy.ts';
import { LABELS, sameBytes, signersOf, type Verify } from './signing.ts';

export const COLOURS = 12;
export const LARGEST_PICTURE = 12 * 1024;

export interface RoomProfile {
  readonly facts: ProfileFacts;
  readonly signed: Signed;
}

/** @param room the room's first mailbox @returns undefined unless its member signed it, for this room, and all of it may be shown */
export function readProfile(signed: Signed | undefined, hub: Uint8Array, room: Uint8Array, verify: Verify): RoomProfile | undefined {
  if (signed === undefined) return undefined;
  const facts = decode(ProfileFactsSchema, signed.facts);
  if (facts === undefined || !sameBytes(facts.hub, hub) || !sameBytes(facts.room, room) || facts.memberKey.length !== 32) return undefined;
  if (cleanName(facts.name) !== facts.name || facts.colour > COLOURS || facts.version === 0) return undefined;
  if (facts.picture.length > 0 && pictureType(facts.picture) === undefined) return undefined;
  const bySelf = signersOf(LABELS.profile, signed, verify).some((key) => sameBytes(key, facts.memberKey));
  return bySelf ? { facts, signed } : undefined;
}

/** What a picture is, by its own first bytes: nothing else is ever drawn. Larger ones than an honest device sends are none. */
export function pictureType(bytes: Uint8Array): 'image/webp' | 'image/jpeg' | undefined {
  if (bytes.length > LARGEST_PICTURE || bytes.length < 16) return undefined;
  const says = (at: number, text: string) => [...text].every((sign, index) => bytes[at + index] === sign.charCodeAt(0));
  if (says(0, 'RIFF') && says(8, 'WEBP')) return 'image/webp';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'image/jpeg' : undefined;
}
