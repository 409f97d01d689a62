/**
 * The history part of an archive: what a device can show of the past, for another device of the same person.
 *
 * Writing: `writeHistory(device, append, key)`. Reading into a device that is open: `takeHistory(device, source, key)`. Both
 * hold one entry at a time. A backup has the same entries behind an identity (session/backup).
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { dayOf } from '#shared/ids.ts';
import { concatBytes, hex, utf8 } from '#shared/sodium.ts';
import { HeadSchema, RunSchema, PastRoomSchema, KeptSchema, type Head } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { StoredItemSchema, StoredRunSchema, type StoredItem } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { SessionFailure, type FileSource } from '../api.ts';
import type { Device } from '../device.ts';
import { readHistory, runItems, placeOf } from '../history.ts';
import { pastFrom } from '../past-rooms.ts';
import { readRoom, settingsOf, storedChoices, type RoomState } from '../room-state.ts';
import { scopesOf, type MessageScope } from '../rooms/scopes.ts';
import { CEILING_KEY } from '../vanishing/ceiling.ts';
import { KEPT, type KeptCollection } from './kept.ts';
import { ArchiveWriter, readEntries, type Append } from './stream.ts';
import { boundKey, HistoryTaking, isOver, kept, type Known } from './taking.ts';

export const ARCHIVE_VERSION = 1;
/** Bytes of a run in an archive; an item may be longer alone. */
const LONGEST_RUN_BYTES = 512 * 1024;
/** Entries that are read from the vault at a time. */
const AT_A_TIME = 32;

/** How far one is; in entries of the vault for writing, in bytes for reading. */
export type Tell = (done: number, total: number) => void;

const HISTORY = 'thicket/1 history';

/** For a device that was linked. @param key 32 fresh bytes, used for this archive alone */
export async function writeHistory(device: Device, append: Append, key: Uint8Array, tell?: Tell): Promise<void> {
  const writer = new ArchiveWriter(append, key, bindingOf(HISTORY, device));
  await writer.put({ case: 'head', value: headOf(device, false) });
  await putHistory(device, writer, tell);
  await writer.end();
}

/**
 * Takes in what a device of the same person wrote. What is here already stays as it is; rooms this device is in get what was
 * said before it came, the others become rooms that can be read. A crash in between leaves a part of it, and taking it again
 * adds the rest: what was here before is written down with the first of it.
 * @throws SessionFailure `archive-damaged` | `archive-newer` | `archive-of-another` | `file-unreadable`
 */
export async function takeHistory(device: Device, source: FileSource, key: Uint8Array, tell?: Tell): Promise<void> {
  const reading = { key, binding: bindingOf(HISTORY, device), from: 0, wrongKey: 'archive-damaged', ...(tell && { tell: (done: number) => tell(done, source.size) }) } as const;
  const taking = new HistoryTaking({ now: device.now(), hub: device.hub, known: knownTo(device) });
  let head: Head | undefined;
  for await (const entry of readEntries(source, reading)) {
    if (head === undefined) head = mustBeHead(entry.case === 'head' ? entry.value : undefined, device);
    else await device.change(async (draft) => taking.take(entry, draft.entries));
  }
  await device.change(async (draft) => {
    for (const [member, card] of taking.cards) draft.people.set(member, card);
    for (const id of taking.rooms) {
      device.messageIds.forget(id);
      if (draft.rooms.get(id) !== undefined) continue;
      const stored = await device.vault.get({ collection: 'rooms', scope: id, order: 0 });
      const room = stored && readRoom(device.mls, id, stored, () => undefined);
      const [last] = await readHistory(device.vault, id, { newestFirst: true, limit: 1 });
      if (room !== undefined) draft.rooms.set(id, room);
      if (last !== undefined) draft.lastPlaces.set(id, placeOf(last));
    }
    // The index of what can be searched is made anew, with all of it.
    draft.also({ deleteScope: { collection: 'search', scope: '', from: 0, to: 0 } });
    // Nor was the longest that the hub lets anything stay held against what came.
    draft.entries.delete(CEILING_KEY);
    for (const room of taking.rooms) draft.entries.delete(boundKey(room));
    draft.afterwards(() => device.wake.vanishing());
    draft.emit({ changed: 'rooms' });
    for (const room of taking.rooms) draft.emit({ changed: 'timeline', room });
    draft.afterwards(() => {
      device.index.whole = false;
      for (const room of taking.rooms) device.wake.index(room);
    });
  });
}

const knownTo = (device: Device): Known => ({
  card: (member) => device.people.get(member),
  boundOf: (room, into) => kept(into, room, async () => {
    if (!device.rooms.has(room)) return undefined;
    const [first] = await readHistory(device.vault, room, { limit: 1 });
    return first === undefined ? 0 : placeOf(first);
  }),
});

export const headOf = (device: Device, whole: boolean): Head => create(HeadSchema, {
  version: ARCHIVE_VERSION, hub: device.hub, memberKey: device.member.key, day: dayOf(device.now()), whole, rooms: device.rooms.size,
});

export const bindingOf = (label: string, { hub, member }: Pick<Device, 'hub' | 'member'>): Uint8Array => concatBytes(utf8(label), Uint8Array.of(0), hub, member.key);

function mustBeHead(head: Head | undefined, device: Device): Head {
  if (head === undefined) throw new SessionFailure('archive-damaged');
  if (head.version !== ARCHIVE_VERSION) throw new SessionFailure('archive-newer');
  if (hex(head.hub) !== hex(device.hub) || hex(head.memberKey) !== device.memberId) throw new SessionFailure('archive-of-another');
  return head;
}

// ---------------------------------------------------------------- writing

/** Everything but who the person is. */
export async function putHistory(device: Device, writer: ArchiveWriter, tell?: Tell): Promise<void> {
  for (const card of device.people.values()) await writer.put({ case: 'card', value: card.signed });
  const rooms = [...device.rooms.values()].filter(({ room }) => settingsOf(room).devicesOf.length === 0);
  for (const [index, state] of rooms.entries()) {
    tell?.(index, rooms.length);
    await writer.put({ case: 'room', value: pastOfState(state) });
    for (const scope of await scopesOf(device.vault, state.id)) await putScope(device, writer, scope);
  }
  for (const collection of KEPT) {
    // Notes stand beside the messages they are about, and are many.
    if (collection === 'notes') continue;
    for (const { scope, order, value } of await device.vault.all(collection)) await putKept(writer, collection, { scope, order, value });
  }
  tell?.(rooms.length, rooms.length);
}

const pastOfState = (state: RoomState) => create(PastRoomSchema, {
  id: state.id, mailbox: state.mailbox, past: pastFrom(state.room), readSeq: BigInt(state.readSeq), joinedSeq: BigInt(state.joinedSeq),
  choices: storedChoices(state.choices),
});

async function putScope(device: Device, writer: ArchiveWriter, { scope, root }: MessageScope): Promise<void> {
  const { vault } = device;
  const gone = new Set<number>();
  for (let from = 0; ;) {
    const found = await vault.range('messages', scope, { from, limit: AT_A_TIME });
    for (const { value } of found) {
      for (const items of runsOf(value, device.now(), gone)) {
        await writer.put({ case: 'run', value: create(RunSchema, { scope, root: BigInt(root), run: create(StoredRunSchema, { items }) }) });
      }
    }
    const last = found.at(-1);
    if (last === undefined) break;
    from = last.order + 1;
  }
  for (let from = 0; ;) {
    const found = await vault.range('notes', scope, { from, limit: AT_A_TIME });
    for (const { order, value } of found) if (!gone.has(order)) await putKept(writer, 'notes', { scope, order, value });
    const last = found.at(-1);
    if (last === undefined) break;
    from = last.order + 1;
  }
}

/** Of an entry of the vault, what is not due to be gone, in pieces that are not too long. */
function* runsOf(value: Uint8Array, now: number, gone: Set<number>): Generator<StoredItem[]> {
  let run: StoredItem[] = [];
  let bytes = 0;
  for (const item of runItems(value)) {
    if (isOver(item, now)) {
      gone.add(Number(item.place));
      continue;
    }
    const length = toBinary(StoredItemSchema, item).length;
    if (run.length > 0 && bytes + length > LONGEST_RUN_BYTES) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(item);
    bytes += length;
  }
  if (run.length > 0) yield run;
}

const putKept = (writer: ArchiveWriter, collection: KeptCollection, { scope, order, value }: { scope: string; order: number; value: Uint8Array }) =>
  writer.put({ case: 'kept', value: create(KeptSchema, { collection, scope, order: BigInt(order), value }) });
