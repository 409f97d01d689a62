/**
 * The room's settings ride in one group context extension of a private type (RFC 9420 section 17.3 keeps 0xF000 - 0xFFFF
 * for private use), so every member has the same settings as part of the group's own agreement. It is the only group
 * context extension a room has: anything else there (external senders, say) would open doors we keep shut.
 */
import { fromBinary } from '@bufbuild/protobuf';
import type { Extension, GroupContext } from 'ts-mls';
import type { HubId, MailboxId } from '#shared/ids.ts';
import { RoomSettingsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { equalBytes } from '#shared/sodium.ts';

export const SETTINGS_EXTENSION = 0xf711;

export const settingsExtensions = (settings: Uint8Array): Extension[] => [{ extensionType: SETTINGS_EXTENSION, extensionData: settings }];

/** @returns the encoded RoomSettings, or undefined if the extensions are not exactly the one */
export function settingsIn(extensions: readonly Extension[]): Uint8Array | undefined {
  const [only, ...others] = extensions;
  return only?.extensionType === SETTINGS_EXTENSION && others.length === 0 ? only.extensionData : undefined;
}

/** Empty for a group that is no room; joining and every commit make sure that does not happen. */
export const settingsOf = (context: GroupContext): Uint8Array => settingsIn(context.extensions) ?? new Uint8Array(0);

/** Are these the settings of that mailbox in that hub? */
export function settingsBelongTo(settings: Uint8Array, expected: { mailbox: MailboxId; hub: HubId }): boolean {
  try {
    const { mailbox, hub } = fromBinary(RoomSettingsSchema, settings);
    return equalBytes(mailbox, expected.mailbox) && equalBytes(hub, expected.hub);
  } catch {
    return false;
  }
}
