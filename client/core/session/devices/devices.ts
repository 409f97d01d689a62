/** A person's own devices, as the session offers them. Loaded when somebody has more than one, or wants to. */
import { cleanName } from '../../domain/room-policy.ts';
import { SessionFailure, type DeviceId, type OwnDevice } from '../api.ts';
import type { Device } from '../device.ts';
import type { Files } from '../files/files.ts';
import type { RoomChanges } from '../room-changes.ts';
import { Linking } from './linking.ts';
import { asOwnDevice } from './own-devices.ts';
import { tellSiblings } from './own-room.ts';
import { Past } from './past.ts';
import { Siblings } from './siblings.ts';
import { roomsOf } from './whereabouts.ts';

export class OwnDevices {
  readonly linking: Linking;
  readonly siblings: Siblings;
  readonly past: Past;
  readonly #device: Device;

  constructor(device: Device, changes: RoomChanges, files: () => Promise<Files>) {
    this.#device = device;
    this.linking = new Linking(device);
    this.siblings = new Siblings(device, changes);
    this.past = new Past(device, files);
  }

  /** A removed one is shown until it is out of every room. */
  list(): readonly OwnDevice[] {
    const { devices, deviceId } = this.#device;
    const known = [...devices].map(([id, { name, day, removed }]): OwnDevice => {
      const rooms = roomsOf(this.#device, id);
      const isThis = id === deviceId;
      const state = removed ? 'leaving' : rooms.done < rooms.total && !isThis ? 'joining' : 'here';
      return { id, name, isThis, linkedDay: day === 0 ? undefined : day, state, rooms };
    }).filter(({ state, rooms, isThis }) => isThis || state !== 'leaving' || rooms.done > 0);
    if (known.every(({ isThis }) => !isThis)) known.push({ id: deviceId, name: '', isThis: true, linkedDay: undefined, state: 'here', rooms: roomsOf(this.#device, deviceId) });
    return known.sort((a, b) => Number(b.isThis) - Number(a.isThis) || (a.linkedDay ?? 0) - (b.linkedDay ?? 0) || (a.id < b.id ? -1 : 1));
  }

  /** @throws SessionFailure `unknown-device` | `bad-name` */
  async rename(id: DeviceId, rawName: string): Promise<void> {
    const name = cleanName(rawName);
    if (name.length === 0) throw new SessionFailure('bad-name');
    await this.#device.change(async (draft) => {
      const known = draft.devices.get(id);
      if (known === undefined || known.removed) throw new SessionFailure('unknown-device');
      const next = { ...known, name, namedAtMs: BigInt(draft.device.now()) };
      draft.devices.set(id, next);
      tellSiblings(draft, { case: 'device', value: asOwnDevice(id, next) });
      draft.emit({ changed: 'devices' });
    });
  }

  /** Decided here and now; the rooms follow as they can be reached. @throws SessionFailure `unknown-device` | `not-allowed` */
  async remove(id: DeviceId): Promise<void> {
    if (id === this.#device.deviceId) throw new SessionFailure('not-allowed');
    await this.#device.change(async (draft) => {
      const known = draft.devices.get(id);
      if (known === undefined) throw new SessionFailure('unknown-device');
      draft.devices.set(id, { ...known, removed: true, lead: true });
      draft.emit({ changed: 'devices' });
      draft.afterwards(() => draft.device.wake.siblings());
    });
  }
}
