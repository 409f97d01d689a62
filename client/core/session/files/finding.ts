/** The file of a message, and the messages of a room that have one. */
import { hex } from '#shared/sodium.ts';
import type { File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { StoredItem } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { fileFacts } from '../../domain/files.ts';
import type { MessageId, MessagePlace, RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import { readHistory } from '../history.ts';
import { refOf, scopeOf } from '../talk/scopes.ts';
import { findSent } from './uploads.ts';

/** Items read at a time. */
const STRETCH = 1024;
/** Items that one look for files goes through before it answers. */
const LOOK = 8 * STRETCH;
const ENOUGH = 48;

/** By its place at once; by its id alone from the newest back. What has not come back in the log is known by its sending. */
export async function findFile(device: Device, room: RoomId, message: MessageId | MessagePlace): Promise<File | undefined> {
  const place = typeof message === 'string' ? undefined : message;
  const id = typeof message === 'string' ? message : message.id;
  const isMeant = ({ item }: StoredItem): boolean => item.case === 'message' && hex(item.value.id) === id && (place === undefined || hex(item.value.sender) === place.sender);
  const fileIn = (items: readonly StoredItem[]): File | undefined => {
    const found = items.find((each) => isMeant(each) && each.item.case === 'message' && each.item.value.file !== undefined);
    return found?.item.case === 'message' ? found.item.value.file : undefined;
  };
  if (place !== undefined) {
    const there = fileIn(await readHistory(device.vault, scopeOf(room, place.thread && refOf(place.thread)), { from: place.seq, to: place.seq }));
    if (there !== undefined) return there;
  }
  const sent = place === undefined || place.sender === device.memberId ? (await findSent(device, room, id))?.file : undefined;
  if (sent !== undefined) return sent;
  for await (const items of stretches(device, room)) {
    const found = fileIn(items);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Newest first. @returns the items, and from where to look on */
export async function findFiles(device: Device, room: RoomId, before: number | undefined): Promise<{ items: readonly StoredItem[]; next: number | undefined }> {
  const items: StoredItem[] = [];
  let seen = 0;
  for await (const stretch of stretches(device, room, before)) {
    seen += stretch.length;
    for (const each of stretch) {
      if (each.item.case !== 'message' || each.item.value.file === undefined || fileFacts(each.item.value.file) === undefined) continue;
      items.push(each);
      if (items.length === ENOUGH) return { items, next: Number(each.place) };
    }
    if (seen >= LOOK) return { items, next: Number(stretch.at(-1)?.place ?? 0n) };
  }
  return { items, next: undefined };
}

async function* stretches(device: Device, room: RoomId, before?: number): AsyncGenerator<readonly StoredItem[]> {
  for (let to = before === undefined ? undefined : before - 1; to === undefined || to >= 0;) {
    const items = await readHistory(device.vault, room, { newestFirst: true, limit: STRETCH, ...(to !== undefined && { to }) });
    if (items.length === 0) return;
    yield items;
    to = Number(items.at(-1)?.place ?? 0n) - 1;
  }
}
