/** A room of one member's own devices: it holds nobody else, and stays what it is. */
import type { RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { sameBytes } from './signing.ts';

/** With more of one member's devices in a room nobody brings another into it. */
export const MOST_DEVICES = 8;

/** @param added member keys of the leaves that a change adds */
export function refuseOthers(
  before: Pick<RoomSettings, 'devicesOf'>, after: Pick<RoomSettings, 'devicesOf'>, added: readonly Uint8Array[],
): 'bad-settings' | 'not-own-device' | undefined {
  if (!sameBytes(before.devicesOf, after.devicesOf)) return 'bad-settings';
  if (before.devicesOf.length > 0 && added.some((key) => !sameBytes(key, before.devicesOf))) return 'not-own-device';
  return undefined;
}

/** May a device of `me` come into such a room? Only where everybody in it is `me`, and one of those asked it in. */
export const isOwnCompany = ({ devicesOf }: Pick<RoomSettings, 'devicesOf'>, me: Uint8Array, people: readonly Uint8Array[]): boolean =>
  sameBytes(devicesOf, me) && people.every((key) => sameBytes(key, me));
