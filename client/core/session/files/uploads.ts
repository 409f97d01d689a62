/** What the vault keeps of files that are being sent, or were: enough to go on after a crash and to delete them. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileSchema, type File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredUploadSchema, type StoredUpload } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { dayOf } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { fromHex, hex, randomBytes } from '#shared/sodium.ts';
import { cleanCaption, cleanFileName, cleanFileType } from '../../domain/files.ts';
import type { OutgoingFile } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import type { Surroundings } from '../newcoming.ts';
import { mailboxOf } from '../room-state.ts';
import { placeFrom, refOf } from '../talk/scopes.ts';
import { emptyDigest } from './format.ts';

const NOTHING = new Uint8Array(0);
const ID_BYTES = 32;

/** An upload whose file is known: every one that this device stores. */
export type Upload = StoredUpload & { readonly file: NonNullable<StoredUpload['file']> };

/** What is said of a file that is to be sent, in the words the content has for it. */
export const saidOf = (about: OutgoingFile): Pick<File, 'name' | 'type' | 'caption' | 'preview' | 'sound' | 'album'> => create(FileSchema, {
  name: cleanFileName(about.name), type: cleanFileType(about.type), caption: cleanCaption(about.caption ?? ''),
  ...(about.preview && { preview: about.preview }),
  ...(about.sound && { sound: { durationMs: about.sound.durationMs, waveform: Uint8Array.from(about.sound.waveform) } }),
  album: fromHex(about.album ?? '') ?? NOTHING,
});

/** Where the message with it will stand, and what it answers. @throws SessionFailure `internal` for what no item's place says */
export const surroundingsOf = ({ replyTo, thread }: Pick<OutgoingFile, 'replyTo' | 'thread'>): Surroundings => ({
  ...(replyTo && { replyTo: refOf(replyTo) }), ...(thread && { thread: refOf(thread) }),
});

export function newUpload(device: Device, room: string, about: OutgoingFile, size: number): Upload {
  return create(StoredUploadSchema, {
    file: create(FileSchema, { ...saidOf(about), size: BigInt(size), blob: randomBytes(ID_BYTES), key: randomBytes(ID_BYTES) }),
    room: mailboxOf(room) ?? NOTHING, ownerSecret: randomBytes(ID_BYTES), day: dayOf(device.now()), digest: emptyDigest(), atMs: BigInt(device.now()), ...surroundingsOf(about),
  }) as Upload;
}

/** What was said with it stands in the message, and goes with that. */
export const withoutWords = ({ preview: _preview, ...file }: File): File => ({ ...file, caption: '' });

export const storeUpload = (draft: Draft, upload: Upload): void =>
  draft.also({ put: { collection: 'uploads', scope: hex(upload.file.blob), order: 0 }, value: toBinary(StoredUploadSchema, upload) });

export const dropUpload = (draft: Draft, upload: Upload): void =>
  draft.also({ deleteScope: { collection: 'uploads', scope: hex(upload.file.blob) } });

export async function allUploads(device: Device): Promise<Upload[]> {
  const entries = await device.vault.all('uploads');
  return entries.map(({ value }) => fromBinary(StoredUploadSchema, value)).filter((upload): upload is Upload => upload.file !== undefined);
}

/**
 * The unfinished sending of such a file to that room. What the relay has long forgotten is forgotten here too.
 * @param underWay ids of blobs that are being sent just now, which nobody else may go on with; what is found joins them
 */
export async function findUnfinished(
  device: Device, room: string, about: { name: string; size: number }, underWay: { has(blob: string): boolean; add(blob: string): unknown },
): Promise<Upload | undefined> {
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

/** What is still to be sent, in the order in which it was begun. */
export async function unfinishedUploads(device: Device): Promise<Upload[]> {
  const oldest = dayOf(device.now()) - RETENTION_DAYS.post - 1;
  return (await allUploads(device)).filter(({ day, message }) => day >= oldest && message.length === 0).sort((a, b) => Number(a.atMs - b.atMs));
}

/** What was said of it when it was begun. */
export function wordsOf({ file: { name, type, caption, preview, sound, album }, thread, replyTo }: Upload): OutgoingFile {
  return {
    name, type, caption, preview, keep: true,
    sound: sound && { durationMs: sound.durationMs, waveform: [...sound.waveform] },
    album: album.length === 0 ? undefined : hex(album),
    thread: thread && placeFrom(thread), replyTo: replyTo && placeFrom(replyTo),
  };
}

export async function findSent(device: Device, room: string, message: string): Promise<Upload | undefined> {
  return (await allUploads(device)).find((upload) => hex(upload.room) === room && hex(upload.message) === message);
}
