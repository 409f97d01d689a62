/** Whose safety phrase was compared, and whether what was compared still holds. */
import { create, toBinary } from '@bufbuild/protobuf';
import { argon2id, fromHex, hex, sha256, type Argon2Cost } from '#shared/sodium.ts';
import { OwnVerifiedSchema, type OwnVerified } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { SAFETY_BYTES, safetyFacts, safetyWords, type Side } from '../../domain/safety-phrase.ts';
import { includesKey } from '../../domain/signing.ts';
import { SessionFailure, type MemberId, type RoomId, type SafetyPhrase, type Verified } from '../api.ts';
import type { Device } from '../device.ts';
import { tellSiblings } from '../devices/own-room.ts';
import type { Draft } from '../draft.ts';
import { namedMember } from '../judging.ts';

const COST: Argon2Cost = { operations: 3, memory: 64 * 1024 * 1024 };
/** Devices of one person that are remembered as compared. */
const MOST_KEYS = 64;

/** @throws SessionFailure `unknown-room` | `room-inactive` | `not-a-member` */
export function safetyPhrase(device: Device, room: RoomId, member: MemberId): SafetyPhrase {
  const facts = safetyFacts(device.hub, fromHex(room) ?? new Uint8Array(0), [sideIn(device, room, device.memberId), sideIn(device, room, member)]);
  return { words: safetyWords(argon2id(facts, sha256(facts).slice(0, 16), COST, SAFETY_BYTES)), verified: verifiedOf(device, member) };
}

/** @throws as safetyPhrase(), and `phrase-differs` */
export async function setVerified(device: Device, room: RoomId, member: MemberId, words: readonly string[] | undefined): Promise<void> {
  const { leafKeys, memberKey } = sideIn(device, room, member);
  // Between the screen and the word of the person a device may have come in.
  if (words !== undefined && safetyPhrase(device, room, member).words.join(' ') !== words.join(' ')) throw new SessionFailure('phrase-differs');
  const before = device.verified.get(member)?.leafKeys.filter((key) => !includesKey(leafKeys, key)) ?? [];
  const verified = create(OwnVerifiedSchema, {
    member: memberKey, leafKeys: words === undefined ? [] : [...leafKeys, ...before].slice(0, MOST_KEYS), atMs: BigInt(device.now()),
  });
  await device.change(async (draft) => {
    keep(draft, verified);
    tellSiblings(draft, { case: 'verified', value: verified });
  });
}

/** Another device of this person says whom they compared the phrase with. The later word counts. */
export function takeVerified(draft: Draft, verified: OwnVerified): void {
  const isSane = verified.member.length === 32 && verified.leafKeys.length <= MOST_KEYS && verified.leafKeys.every((key) => key.length === 32);
  if (!isSane || verified.atMs <= (draft.device.verified.get(hex(verified.member))?.atMs ?? -1n)) return;
  keep(draft, verified);
}

/** A device that is in a room with us and was not compared changes everything. */
export function verifiedOf({ verified, rooms }: Device, member: MemberId): Verified {
  const known = verified.get(member);
  if (known === undefined || known.leafKeys.length === 0) return 'no';
  for (const { room } of rooms.values()) {
    if (!room.active) continue;
    for (const leaf of room.leaves) if (!includesKey(known.leafKeys, leaf.leafKey) && hex(namedMember(leaf)) === member) return 'changed';
  }
  return 'yes';
}

function keep(draft: Draft, verified: OwnVerified): void {
  const member = hex(verified.member);
  draft.also({ put: { collection: 'verified', scope: member, order: 0 }, value: toBinary(OwnVerifiedSchema, verified) });
  draft.afterwards(() => draft.device.verified.set(member, verified));
  draft.emit({ changed: 'people' });
  draft.emit({ changed: 'rooms' });
}

function sideIn(device: Device, room: RoomId, member: MemberId): Side {
  const state = device.rooms.get(room);
  if (state === undefined) throw new SessionFailure('unknown-room');
  if (!state.room.active) throw new SessionFailure('room-inactive');
  const leafKeys = state.room.leaves.filter((leaf) => hex(namedMember(leaf)) === member).map(({ leafKey }) => leafKey);
  const memberKey = fromHex(member);
  if (leafKeys.length === 0 || memberKey === undefined) throw new SessionFailure('not-a-member');
  return { memberKey, leafKeys };
}
