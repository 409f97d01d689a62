/**
 * What a commit may do to a room. Asked with the truth (the old tree against the new one), before the new state is
 * adopted; a refused commit leaves the room as it was.
 */
import { RoomSettingsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { refuseOthers } from './own-room.ts';
import { decode } from './parsing.ts';
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
  /** Had this member a leaf before the change? */
  hasLeaf(memberKey: Uint8Array): boolean;
}

export type ChangeRefusal = 'swapped-credential' | 'not-admin' | 'mixed-change' | 'bad-settings' | 'last-admin' | 'absent-admin' | 'not-own-device';

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
  if (kinds === 0) return undefined;
  if (!includesKey(before.admins, change.committer.memberKey)) return 'not-admin';
  if (touchesSettings) return refuseSettings(before, after, change);
  // Settings still name whoever was an admin when they were removed. Nobody comes back as one: the name goes first.
  const returning = change.added.some(({ memberKey }) => includesKey(before.admins, memberKey) && !change.hasLeaf(memberKey));
  return returning ? 'absent-admin' : undefined;
}

/** The admins of a room are the members its settings name who have a leaf in it. */
export const presentAdmins = ({ admins }: RoomSettings, hasLeaf: JudgedChange['hasLeaf']): Uint8Array[] => admins.filter(hasLeaf);

function refuseSettings(before: RoomSettings, after: RoomSettings, { hasLeaf }: JudgedChange): ChangeRefusal | undefined {
  if (!sameBytes(before.mailbox, after.mailbox) || !sameBytes(before.hub, after.hub)) return 'bad-settings';
  if (after.admins.length === 0) return 'last-admin';
  if (presentAdmins(after, hasLeaf).length < after.admins.length) return 'absent-admin';
  if (!isRoomName(after.name)) return 'bad-settings';
  return undefined;
}

/** 1 to 64 characters once trimmed, nothing that draws over its neighbours. */
export const isRoomName = (name: string): boolean => cleanName(name) === name && name.length > 0;

// Controls, and the characters that turn or override the direction of what stands around them.
const UNWELCOME = /[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A name as people may carry it: NFC, one line, at most 64 characters; empty if nothing is left. */
export function cleanName(raw: string): string {
  const name = raw.normalize('NFC').replace(/\s+/gu, ' ').replace(UNWELCOME, '').trim();
  return [...name].slice(0, 64).join('').trim();
}
