/** How people look in rooms: setting one's own, taking in those of others, and looking them up. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ProfileFactsSchema, SignedSchema, type Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { LARGEST_PICTURE, pictureType } from '../../domain/pictures.ts';
import { COLOURS, readProfile, type RoomProfile } from '../../domain/profiles.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { LABELS, sameBytes, signFacts } from '../../domain/signing.ts';
import { ed25519Verify, fromHex, hex, sha256 } from '#shared/sodium.ts';
import type { Vault } from '../../vault/port.ts';
import { SessionFailure, type MemberId, type RoomId, type RoomLook, type RoomLookChange } from '../api.ts';
import type { Said } from '../contents.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { leavesIn } from '../judging.ts';
import { enqueueContent } from '../newcoming.ts';
import { isPast } from '../rooms/rules.ts';
import type { RoomState } from '../room-state.ts';

/** What is kept at hand of a profile; the picture is looked up when it is drawn. */
export interface Look {
  readonly name: string;
  readonly colour: number;
  readonly version: number;
  /** Tells one picture from another. */
  readonly picture: string | undefined;
}

const scopeOf = (room: RoomId, member: MemberId): string => `${room}/${member}`;
const keyOf = (scope: string) => ({ collection: 'profiles', scope, order: 0 }) as const;
const roomBytes = (room: RoomId): Uint8Array => fromHex(room) ?? new Uint8Array(0);

/** @returns by room and member */
export async function loadLooks(vault: Vault, looks: Map<string, Look>): Promise<void> {
  for (const { scope, value } of await vault.all('profiles')) {
    const { facts } = fromBinary(SignedSchema, value);
    looks.set(scope, lookOf(fromBinary(ProfileFactsSchema, facts)));
  }
}

const lookOf = ({ name, colour, version, picture }: RoomProfile['facts']): Look =>
  ({ name, colour, version, picture: picture.length === 0 ? undefined : hex(sha256(picture).subarray(0, 8)) });

export const lookIn = ({ looks }: Pick<Device, 'looks'>, room: RoomId, member: MemberId): Look | undefined => looks.get(scopeOf(room, member));

// ---------------------------------------------------------------- one's own

export function myLook(device: Device, room: RoomId): RoomLook {
  const look = lookIn(device, room, device.memberId);
  return { name: look?.name ?? '', colour: look?.colour ?? 0, picture: look?.picture };
}

/** @throws SessionFailure `unknown-room` | `room-inactive` | `bad-name` | `bad-picture` */
export async function setProfile(device: Device, room: RoomId, change: RoomLookChange): Promise<void> {
  const colour = Math.trunc(change.colour ?? 0);
  if (colour < 0 || colour > COLOURS) throw new SessionFailure('internal');
  const name = cleanName(change.name ?? '');
  if (name === '' && (change.name ?? '').trim() !== '') throw new SessionFailure('bad-name');
  if (change.picture && (change.picture.length > LARGEST_PICTURE || pictureType(change.picture) === undefined)) throw new SessionFailure('bad-picture');
  await device.change(async (draft) => {
    const state = draft.rooms.get(room);
    if (state === undefined) throw new SessionFailure('unknown-room');
    if (isPast(state, device)) throw new SessionFailure('room-inactive');
    const before = await factsIn(draft, room, device.memberId);
    const facts = create(ProfileFactsSchema, {
      hub: device.hub, memberKey: device.member.key, room: roomBytes(room), version: (before?.version ?? 0) + 1, name, colour,
      picture: change.picture === undefined ? before?.picture ?? new Uint8Array(0) : change.picture ?? new Uint8Array(0),
    });
    const signed = signFacts(LABELS.profile, toBinary(ProfileFactsSchema, facts), [device.member]);
    keep(draft, state, { facts, signed });
    enqueueContent(draft, state, { case: 'profile', value: signed });
  });
}

async function factsIn(draft: Draft, room: RoomId, member: MemberId): Promise<RoomProfile['facts'] | undefined> {
  const kept = await draft.entries.get(keyOf(scopeOf(room, member)));
  return kept === undefined ? undefined : fromBinary(ProfileFactsSchema, fromBinary(SignedSchema, kept).facts);
}

// ---------------------------------------------------------------- those of others

/** By its member only: another's is taken from the cards that newcomers get, under the same signature. */
export function takeProfile({ draft, state, sender, value }: Said<'profile'>): void {
  const profile = readProfile(value, draft.device.hub, roomBytes(state.id), ed25519Verify);
  if (profile !== undefined && sameBytes(profile.facts.memberKey, sender)) takeIfNewer(draft, state, profile);
}

/** Of people in the room, handed on by somebody else. */
export function takeHandedOn(draft: Draft, state: RoomState, profiles: readonly Signed[]): void {
  for (const signed of profiles) {
    const profile = readProfile(signed, draft.device.hub, roomBytes(state.id), ed25519Verify);
    if (profile !== undefined && leavesIn(state.room.leaves)(profile.facts.memberKey) > 0) takeIfNewer(draft, state, profile);
  }
}

function takeIfNewer(draft: Draft, state: RoomState, profile: RoomProfile): void {
  const known = draft.looks.get(scopeOf(state.id, hex(profile.facts.memberKey)));
  if (known === undefined || profile.facts.version > known.version) keep(draft, state, profile);
}

function keep(draft: Draft, { id: room }: RoomState, { facts, signed }: RoomProfile): void {
  const scope = scopeOf(room, hex(facts.memberKey));
  draft.looks.set(scope, lookOf(facts));
  draft.entries.put(keyOf(scope), toBinary(SignedSchema, signed));
  draft.emit({ changed: 'people' });
  draft.emit({ changed: 'rooms' });
  draft.emit({ changed: 'timeline', room });
}

/** @returns the bytes of what `Person.picture` names: a WebP or a JPEG */
export async function pictureOf(device: Device, room: RoomId, member: MemberId): Promise<Uint8Array | undefined> {
  const kept = await device.vault.get(keyOf(scopeOf(room, member)));
  const picture = kept && fromBinary(ProfileFactsSchema, fromBinary(SignedSchema, kept).facts).picture;
  return picture !== undefined && pictureType(picture) !== undefined ? picture : undefined;
}

/** So much of pictures and names goes to whoever comes in, at most: each message more is postage. */
const MOST_BYTES = 160 * 1024;
const BYTES_PER_MESSAGE = 56 * 1024;

/** Profiles of these members, the smallest first, as many as one hands on, put together by message. */
export async function handedOn(draft: Draft, room: RoomId, members: readonly MemberId[]): Promise<Signed[][]> {
  const kept: Uint8Array[] = [];
  for (const member of members) {
    if (draft.looks.get(scopeOf(room, member)) === undefined) continue;
    const signed = await draft.entries.get(keyOf(scopeOf(room, member)));
    if (signed !== undefined) kept.push(signed);
  }
  const messages: Signed[][] = [];
  let [all, here] = [0, BYTES_PER_MESSAGE];
  for (const signed of kept.sort((a, b) => a.length - b.length)) {
    all += signed.length;
    if (all > MOST_BYTES) break;
    if (here + signed.length > BYTES_PER_MESSAGE) {
      messages.push([]);
      here = 0;
    }
    here += signed.length;
    messages.at(-1)?.push(fromBinary(SignedSchema, signed));
  }
  return messages;
}

/** Everything of a room that leaves this device. */
export function forgetLooks(draft: Draft, room: RoomId): void {
  for (const [scope] of [...draft.looks.entries()]) {
    if (!scope.startsWith(`${room}/`)) continue;
    draft.looks.delete(scope);
    draft.entries.delete(keyOf(scope));
  }
}
