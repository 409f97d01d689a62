/** People and rooms of our own engine, for measuring. */
import { create, toBinary } from '@bufbuild/protobuf';
import { hubId, mailboxId, type HubId, type MailboxId } from '#shared/ids.ts';
import { RoomSettingsSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { createMls } from '#core/mls/mls.ts';
import type { Judge, OwnKeyPackage, Room, Suite } from '#core/mls/port.ts';
import { ed25519KeyPair, randomBytes, utf8 } from '#shared/sodium.ts';

const mls = createMls();
export const HUB = hubId(new Uint8Array(16).fill(7)) as HubId;

/** The rules of belonging are measured nowhere: OpenMLS and libsignal have none. */
export const nobodyObjects: Judge = { leaf: () => undefined, change: () => undefined };

export const keyPackageOf = (name: string, suite: Suite): Promise<OwnKeyPackage> =>
  mls.newKeyPackage(suite, utf8(name), ed25519KeyPair(), 30);

/** A room of its founder alone. */
export async function newRoom(suite: Suite): Promise<{ mailbox: MailboxId; room: Room }> {
  const mailbox = mailboxId(randomBytes(16)) as MailboxId;
  const settings = toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox, name: 'tenants', hub: HUB, admins: [] }));
  return { mailbox, room: await mls.create(suite, mailbox, await keyPackageOf('alice', suite), settings) };
}

export async function twoInARoom(suite: Suite): Promise<[alice: Room, bob: Room]> {
  const { mailbox, room } = await newRoom(suite);
  const bob = await keyPackageOf('bob', suite);
  const { next, welcomes } = await mls.add(room, [bob.keyPackage]);
  return [next, (await mls.join(welcomes[0] as Uint8Array, bob, { mailbox, hub: HUB }, nobodyObjects)).room];
}
