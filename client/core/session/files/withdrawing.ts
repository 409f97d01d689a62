/**
 * What a deleted message carried is deleted at the relay as well, by the device that sent it: it alone has the secret for
 * that. Noted in the vault first, so that it happens once there is a connection.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredUploadSchema, type StoredUpload } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { blobId, secret32 } from '#shared/ids.ts';
import { hex } from '#shared/sodium.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';

const keyOf = (blob: Uint8Array) => ({ collection: 'uploads', scope: hex(blob), order: 0 }) as const;

async function note(draft: Draft, blob: Uint8Array, what: Partial<Pick<StoredUpload, 'withdrawn' | 'shared'>>): Promise<StoredUpload | undefined> {
  const stored = await draft.entries.get(keyOf(blob));
  if (stored === undefined) return undefined;
  const upload: StoredUpload = { ...fromBinary(StoredUploadSchema, stored), ...what };
  draft.entries.put(keyOf(blob), toBinary(StoredUploadSchema, upload));
  return upload;
}

/** Other messages of this person have the file from now on: deleting one of them leaves it to the others. */
export async function noteShared(draft: Draft, blob: Uint8Array): Promise<void> {
  await note(draft, blob, { shared: true });
}

/** The message that carried it is gone. A file that this device did not send is not its to withdraw. */
export async function noteWithdrawn(draft: Draft, blob: Uint8Array): Promise<void> {
  const upload = await note(draft, blob, { withdrawn: true });
  if (upload !== undefined && !upload.shared) draft.afterwards(() => draft.device.wake.withdrawing());
}

/** Tells the relay what is noted. @param pause before each: a deletion and the message that made it must not stand side by side */
export async function withdrawNoted(device: Device, pause: () => Promise<void>, isOver: () => boolean): Promise<void> {
  for (const { value } of await device.vault.all('uploads')) {
    const { file, ownerSecret, withdrawn, shared } = fromBinary(StoredUploadSchema, value);
    const [blob, secret] = [file && blobId(file.blob), secret32(ownerSecret)];
    if (!withdrawn || shared || blob === undefined || secret === undefined) continue;
    await pause();
    if (isOver()) return;
    await device.relay.deleteBlob({ blob, ownerSecret: secret }).catch((thrown: unknown) => {
      if (!(thrown instanceof RelayRefusal && thrown.code === 'unknown-blob')) throw thrown;
    });
    await device.change(async (draft) => draft.also({ deleteScope: { collection: 'uploads', scope: hex(blob) } }));
  }
}
