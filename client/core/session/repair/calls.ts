/** The calls of repair, for the session. */
import { SessionFailure, type RoomId } from '../api.ts';
import type { MissingMessages, RepairCalls } from '../api/repair.ts';
import type { Background } from '../background.ts';
import type { Device } from '../device.ts';
import { fromHex } from '#shared/sodium.ts';
import { askAgain } from './asking.ts';
import { askToBeAdded } from './readding.ts';
import { compareLine, standingLine } from './comparing.ts';

export const repairCalls = (parts: () => { device: Device; background: Background }): RepairCalls => ({
  missing: async (room) => missingIn(parts(), room),
  askAgain: async (room, seq) => parts().device.change(async (draft) => askAgain(draft, room, seq)),
  replant: async (room, { without } = {}) => {
    const { background } = parts();
    await background.ready();
    const left = without === undefined ? undefined : fromHex(without);
    if (without !== undefined && left === undefined) throw new SessionFailure('unknown-member');
    await background.replanting.decide(room, left);
  },
  askToBeAdded: async (room) => {
    const { device, background } = parts();
    await background.ready();
    await askToBeAdded(device, room);
  },
  standing: async () => standingLine(parts().device),
  compareStanding: async (line) => compareLine(parts().device, line),
});

function missingIn({ device, background }: { device: Device; background: Background }, room: RoomId): MissingMessages[] {
  return (device.integrity.counts.get(room)?.missing ?? []).map(({ place, sender, nth, unnamed, asked, gone }) =>
    ({ seq: Number(place), by: background.views.person(sender), count: nth.length + unnamed, asked, gone }));
}
