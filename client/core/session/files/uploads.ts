/** What the vault keeps of files that are being sent, or were: enough to go on after a crash and to delete them. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredUploadSchema, type StoredUpload } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { dayOf } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { hex, randomBytes } from '#shared/sodium.ts';
import type { SharedFile } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { mailboxOf } from '../room-state.ts';
import { emptyDigest } from './format.ts';

const NOTHING = new Uint8Array(0);
const ID_BYTES = 32;

/** An upload whose file is known: every one that this device stores. */
export type Upload = StoredUpload & { readonly file: NonNullable<StoredUpload['file']> };

export function newUpload(device: Device, room: string, { name, type, size }: SharedFile): Upload {
  return create(StoredUploadSchema, {
    file: create(FileSchema, { name, type, size: BigInt(size), blob: randomBytes(ID_BYTES), key: randomBytes(ID_BYTES) }),
    room: mailboxOf(room) ?? NOTHING, ownerSecret: randomBytes(ID_BYTES), day: dayOf(device.now()), digest: emptyDigest(),
  }) as Upload;
}

export const storeUpload = (draft: Draft, upload: Upload): void =>
  draft.also({ put: { collection: 'uploads', scope: hex(upload.file.blob), order: 0 }, value: toBinary(StoredUploadSchema, upload) });

export const dropUpload = (draft: Draft, upload: Upload): void =>
  draft.also({ deleteScope: { collection: 'uploads', scope: hex(upload.file.blob) } });

async function allUploads(device: Device): Promise<Upload[]> {
  const entries = await device.vault.all('uploads');
  return entries.map(({ value }) => fromBinary(StoredUploadSchema, value)).filter((upload): upload is Upload => upload.file !== undefined);
}

/**
 * The unfinished sending of such a file to that room. What the relay has long forgotten is forgotten here too.
 * @param underWay ids of blobs that are being sent just now, which nobody else may go on with; what is found joins them
 */
export async function findUnfinished(device: Device, room: string, about: SharedFile, underWay: Set<string>): Promise<Upload | undefined> {
  const uploads = await allUploads(device);
  const oldest = dayOf(device.now()) - RETENTION_DAYS.post - 1;
  const past = uploads.filter(({ day }) => day < oldest);
  if (past.length > 0) await device.change(async (draft) => past.forEach((upload) => dropUpload(draft, upload)));
  const found = uploads.find(({ file, day, message, room: mailbox }) =>
    day >= oldest && message.length === 0 && hex(mailbox) === room && file.name === about.name && file.size === BigInt(about.size)
    && !underWay.has(hex(file.blob)));
  if (found !== undefined) underWay.add(hex(found.file.blob));
  return found;
}

export async function findSent(device: Device, room: string, message: string): Promise<Upload | undefined> {
  return (await allUploads(device)).find((upload) => hex(upload.room) === room && hex(upload.message) === message);
}
