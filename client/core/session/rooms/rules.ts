/** What a room is set to, as people are shown it. */
import { mayAddPeople, mayWrite } from '../../domain/room-roles.ts';
import { keptFor } from '../../domain/vanishing.ts';
import { includesKey } from '../../domain/signing.ts';
import { roleIn } from '../admins.ts';
import type { RoomRules } from '../api.ts';
import type { Device } from '../device.ts';
import { settingsOf, type RoomState } from '../room-state.ts';
import { MAY_ADD } from './looking-after.ts';

/** Past for this person: this device was removed, or they said that they leave. */
export const isPast = ({ room, leavers, askedToLeave }: RoomState, { member }: Pick<Device, 'member'>): boolean =>
  !room.active || askedToLeave || includesKey(leavers, member.key);

export function rulesOf(state: RoomState, device: Device): RoomRules & { readonly mayWrite: boolean } {
  const settings = settingsOf(state.room);
  const role = isPast(state, device) ? undefined : roleIn(state.room, device.member.key);
  return {
    role,
    announcementOnly: settings.announcementOnly,
    whoAdds: MAY_ADD[settings.mayAdd] ?? 'admins',
    mayAdd: mayAddPeople(role, settings.mayAdd),
    mayWrite: mayWrite(role, settings),
    vanishAfter: settings.vanishAfterS,
    keeps: keptFor(settings.vanishAfterS, device.bulletin?.facts.longestKeepS ?? 0),
  };
}
