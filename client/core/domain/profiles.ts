/** How somebody looks in one room. Said by themselves and nobody else, whoever hands it on; the newest version of each wins. */
import { ProfileFactsSchema, type ProfileFacts, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from './parsing.ts';
import { pictureType } from './pictures.ts';
import { cleanName } from './room-policy.ts';
import { LABELS, sameBytes, signersOf, type Verify } from './signing.ts';

export const COLOURS = 12;

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
