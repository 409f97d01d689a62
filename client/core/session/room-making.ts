/** A new room: made on this device, then made known to the relay. */
import { RelayRefusal } from '#shared/errors.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { hex } from '#shared/sodium.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { RoomSettingsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { cleanName, isRoomName } from '../domain/room-policy.ts';
import type { Suite } from '../mls/port.ts';
import { SessionFailure, type RoomId } from './api.ts';
import type { Device } from './device.ts';
import { newMailbox } from './layout.ts';
import { paid } from './paying.ts';
import { putEvent } from './room-events.ts';
import { enteredRoom, roomIdOf, type RoomState } from './room-state.ts';

/**
 * Makes the room on this device; `openRoom` tells the relay.
 * @param more settings it begins with
 * @throws SessionFailure `bad-name`
 */
export async function makeRoom(device: Device, rawName: string, suite: Suite, more: Partial<Pick<RoomSettings, 'devicesOf' | 'board'>> = {}): Promise<RoomId> {
  const name = cleanName(rawName);
  if (!isRoomName(name)) throw new SessionFailure('bad-name');
  const mailbox = newMailbox(device.layout);
  if (mailbox === undefined) throw new SessionFailure('internal');
  const settings = toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox, name, admins: [device.member.key], hub: device.hub, ...more }));
  const own = await device.mls.newKeyPackage(suite, device.credential, device.leafKeys, 30);
  const room = await device.mls.create(suite, mailbox, own, settings);
  const id = roomIdOf(mailbox);
  await device.change(async (draft) => {
    draft.rooms.set(id, enteredRoom({ id, mailbox, room }));
    putEvent(draft, id, 0, 'created', device.member.key);
    draft.emit({ changed: 'rooms' });
    draft.afterwards(() => device.wake.siblings());
  });
  return id;
}

/** Tells the relay of the mailbox; again after a crash, until it knows. */
export async function openRoom(device: Device, { id, mailbox, room }: RoomState): Promise<void> {
  const key = await device.mls.postKey(room);
  const proof = key.sign(openMailboxMessage(device.hub, mailbox, key.verifyKey));
  try {
    await paid(device, `mailbox ${hex(mailbox)}`, SINGLE_COST, (postage) =>
      device.relay.openMailbox({ mailbox, verifyKey: key.verifyKey, proof, postage }));
  } catch (thrown) {
    if (!(thrown instanceof RelayRefusal && thrown.code === 'mailbox-exists')) throw thrown;
  }
  await device.change(async (draft) => {
    const now = draft.rooms.get(id);
    if (now !== undefined) draft.rooms.set(id, { ...now, opened: true });
  });
}
