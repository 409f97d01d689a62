/**
 * What a commit may do to a room. Asked with the truth (the old tree against the new one), before the new state is
 * adopted; a refused commit leaves the room as it was.
 */
import { MayAdd, RoomSettingsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { isSeen } from './look-alikes.ts';
import { refuseOthers } from './own-room.ts';
import { decode } from './parsing.ts';
import { isOwn, mayAddPeople, mayChangeSettings, mayRemove, roleOf, type LeavesOf } from './room-roles.ts';
import { includesKey, sameBytes } from './signing.ts';

/** A leaf with the member it was shown to belong to. */
export interface RoomLeaf {
  readonly index: number;
  readonly memberKey: Uint8Array;
}

export interface JudgedChange {
  readonly committer: RoomLeaf;
  readonly added: readonly RoomLeaf[];
  readonly removed: readonly RoomLeaf[];
  readonly replaced: readonly { readonly before: RoomLeaf; readonly after: RoomLeaf }[];
  readonly settingsBefore: Uint8Array;
  readonly settingsAfter: Uint8Array;
  /** How many leaves this member had before the change. */
  readonly leavesOf: LeavesOf;
}

export type ChangeRefusal =
  | 'swapped-credential' | 'not-admin' | 'mixed-change' | 'bad-settings' | 'last-admin' | 'absent-admin' | 'not-own-device'
  /** A device of a member is left behind, where all of them are to go. */
  | 'partial-removal';

/** The shortest and the longest time after which messages vanish, seconds. */
export const VANISH_BOUNDS = { least: 10, most: 366 * 86_400 } as const;

/** @returns why the change is refused, or undefined if it may happen. */
export function refuseChange(change: JudgedChange): ChangeRefusal | undefined {
  const before = decode(RoomSettingsSchema, change.settingsBefore);
  const after = decode(RoomSettingsSchema, change.settingsAfter);
  if (before === undefined || after === undefined) return 'bad-settings';
  const others = refuseOthers(before, after, change.added.map(({ memberKey }) => memberKey));
  if (others !== undefined) return others;

  const touchesSettings = !sameBytes(change.settingsBefore, change.settingsAfter);
  const kinds = [change.added.length > 0, change.removed.length > 0, touchesSettings].filter(Boolean).length;
  if (kinds > 1) return 'mixed-change';

  for (const { before: was, after: is } of change.replaced) {
    if (!sameBytes(was.memberKey, is.memberKey)) return 'swapped-credential';
    // A leaf may only renew itself: nobody renews another's.
    if (is.index !== change.committer.index) return 'swapped-credential';
  }
  if (change.added.length > 0) return refuseAdding(before, change);
  if (change.removed.length > 0) return refuseRemoving(before, change);
  return touchesSettings ? refuseSettings(before, after, change) : undefined;
}

function refuseAdding(settings: RoomSettings, { committer, added, leavesOf }: JudgedChange): ChangeRefusal | undefined {
  const { admins, moderators, mayAdd } = settings;
  const others = added.filter(({ memberKey }) => !isOwn(committer.memberKey, memberKey));
  if (others.length > 0 && !mayAddPeople(roleOf(settings, committer.memberKey, leavesOf), mayAdd)) return 'not-admin';
  // Settings still name whoever had a role when they were removed. Nobody comes back with it: the name goes first.
  const returning = others.some(({ memberKey }) => includesKey([...admins, ...moderators], memberKey) && leavesOf(memberKey) === 0);
  return returning ? 'absent-admin' : undefined;
}

/** A removal is of a member, with every device. Only of oneself may a single one go. */
function refuseRemoving(settings: RoomSettings, { committer, removed, leavesOf }: JudgedChange): ChangeRefusal | undefined {
  const role = roleOf(settings, committer.memberKey, leavesOf);
  for (const { memberKey } of removed) {
    if (isOwn(committer.memberKey, memberKey)) continue;
    if (!mayRemove(role, roleOf(settings, memberKey, leavesOf))) return 'not-admin';
    const going = removed.filter((leaf) => sameBytes(leaf.memberKey, memberKey)).length;
    if (going < leavesOf(memberKey)) return 'partial-removal';
  }
  return undefined;
}

function refuseSettings(before: RoomSettings, after: RoomSettings, { committer, leavesOf }: JudgedChange): ChangeRefusal | undefined {
  if (!mayChangeSettings(roleOf(before, committer.memberKey, leavesOf))) return 'not-admin';
  if (!sameBytes(before.mailbox, after.mailbox) || !sameBytes(before.hub, after.hub)) return 'bad-settings';
  if (after.admins.length === 0) return 'last-admin';
  const named = [...after.admins, ...after.moderators];
  if (named.some((key) => leavesOf(key) === 0)) return 'absent-admin';
  // One role each, named once.
  if (named.some((key, index) => includesKey(named.slice(0, index), key))) return 'bad-settings';
  if (!isRoomName(after.name) || !isMayAdd(after.mayAdd) || !isVanishTime(after.vanishAfterS)) return 'bad-settings';
  return undefined;
}

const MAY_ADD: readonly number[] = [MayAdd.ADMINS, MayAdd.MODERATORS, MayAdd.EVERYBODY];
const isMayAdd = (mayAdd: number): boolean => MAY_ADD.includes(mayAdd);

/** @param seconds 0 where messages stay */
export const isVanishTime = (seconds: number): boolean =>
  seconds === 0 || (seconds >= VANISH_BOUNDS.least && seconds <= VANISH_BOUNDS.most);

/** 1 to 64 characters once trimmed, nothing that draws over its neighbours. */
export const isRoomName = (name: string): boolean => cleanName(name) === name && name.length > 0;

// Controls, and the characters that turn or override the direction of what stands around them.
const UNWELCOME = /[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A name as people may carry it: NFC, one line, at most 64 characters; empty if nothing is left that is drawn. */
export function cleanName(raw: string): string {
  const name = raw.normalize('NFC').replace(/\s+/gu, ' ').replace(UNWELCOME, '').trim();
  const short = [...name].slice(0, 64).join('').trim();
  return isSeen(short) ? short : '';
}
