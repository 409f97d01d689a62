/** The calls of a session that are about what a room is and who is what in it. */
import type { RoomCalls } from '../api.ts';
import { setLongestKeep } from '../bulletin-revision.ts';
import type { Background } from '../background.ts';
import { bringNewDevice } from '../backup/bringing-back.ts';
import type { Device } from '../device.ts';
import { myLook, pictureOf, setProfile } from '../profiles/profiles.ts';
import { forgetRoom } from './forgetting.ts';
import { leaveRoom } from './leaving.ts';
import { settingsCalls } from './looking-after.ts';

export const roomCalls = (device: Device, background: Background): RoomCalls => ({
  ...settingsCalls(background.changes),
  bringNewDevice: (room, member) => bringNewDevice(device, room, member),
  leaveRoom: (room) => leaveRoom(device, room),
  forgetRoom: (room) => forgetRoom(device, room),
  look: async (room) => myLook(device, room),
  setProfile: (room, look) => setProfile(device, room, look),
  picture: (room, member) => pictureOf(device, room, member),
  longestKeep: async () => device.constitution.facts.longestKeepS,
  setLongestKeep: async (seconds) => {
    await setLongestKeep(device, seconds);
    await background.tellBulletins();
  },
});
