/** What those who look after a room set, each a change of its signed settings. */
import { MayAdd as MayAddBy, type RoomSettings } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { cleanName, isRoomName, isVanishTime } from '../../domain/room-policy.ts';
import { sameBytes } from '../../domain/signing.ts';
import { fromHex } from '#shared/sodium.ts';
import { roleIn } from '../admins.ts';
import { SessionFailure, type MayAdd, type MemberId, type Role, type RoomCalls, type RoomId } from '../api.ts';
import type { RoomChanges } from '../room-changes.ts';

/** By the number that settings name it by. */
export const MAY_ADD = ['admins', 'moderators', 'everybody'] as const satisfies readonly MayAdd[];
const NUMBERS = { admins: MayAddBy.ADMINS, moderators: MayAddBy.MODERATORS, everybody: MayAddBy.EVERYBODY } as const satisfies Record<MayAdd, MayAddBy>;

type Settings = Pick<RoomCalls, 'setRole' | 'setAnnouncementOnly' | 'setMayAdd' | 'renameRoom' | 'setVanishing'>;

export function settingsCalls(changes: RoomChanges): Settings {
  const set = (room: RoomId, change: Partial<RoomSettings>) => changes.changeSettings(room, (settings) => ({ ...settings, ...change }));
  return {
    setRole: (room, member, role) => setRole(changes, room, member, role),
    setAnnouncementOnly: (room, announcementOnly) => set(room, { announcementOnly }),
    setMayAdd: (room, who) => set(room, { mayAdd: NUMBERS[who] }),
    renameRoom: async (room, raw) => {
      const name = cleanName(raw);
      if (!isRoomName(name)) throw new SessionFailure('bad-name');
      await set(room, { name });
    },
    setVanishing: async (room, seconds) => {
      if (!Number.isSafeInteger(seconds) || !isVanishTime(seconds)) throw new SessionFailure('bad-span');
      await set(room, { vanishAfterS: seconds });
    },
  };
}

async function setRole(changes: RoomChanges, room: RoomId, member: MemberId, role: Role): Promise<void> {
  const key = fromHex(member);
  if (key === undefined) throw new SessionFailure('unknown-member');
  await changes.changeSettings(room, (settings, now) => {
    if (roleIn(now, key) === undefined) throw new SessionFailure('not-a-member');
    const without = (keys: readonly Uint8Array[]) => keys.filter((known) => !sameBytes(known, key));
    const admins = role === 'admin' ? [...without(settings.admins), key] : without(settings.admins);
    // changeSettings refuses to leave nobody.
    return { ...settings, admins, moderators: role === 'moderator' ? [...without(settings.moderators), key] : without(settings.moderators) };
  });
}
