/** The message that something refers to, looked up in a draft. What others refer to may be anything. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageRef } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredItemSchema, StoredNotesSchema, type StoredItem, type StoredMessage, type StoredNotes } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Noted } from '../../domain/notes.ts';
import { sameBytes } from '../../domain/signing.ts';
import { isRef } from '../../domain/talk-rules.ts';
import { hex } from '#shared/sodium.ts';
import type { RoomId } from '../api.ts';
import type { Draft } from '../draft.ts';
import { placeOf, recallMessages } from '../history.ts';
import { messageKey } from '../memory.ts';
import { isScopeOf, threadScope } from './scopes.ts';

/** Back from the newest, for one that is not where whoever refers to it has it: after a rollback places may differ. */
const LOOK_BACK = 1024;
/** So many times in one draft: honest devices are hardly ever wrong about a place. */
const SEARCHES = 8;
const searches = new WeakMap<Draft, number>();

export interface Target {
  readonly room: RoomId;
  readonly scope: string;
  readonly place: number;
  readonly message: StoredMessage;
  /** The message above, where it stands in a thread. */
  readonly root: Target | undefined;
}

/** Whether this device has, or had, a message of this room by that name. */
export async function isKnown(draft: Draft, room: RoomId, key: string): Promise<boolean> {
  if (!draft.messageIds.has(room, key) && draft.messageIds.isForgetful(room)) await recallMessages(draft, room);
  return draft.messageIds.has(room, key);
}

/**
 * @param thread the message above, where it stands in a thread: it is looked for there and nowhere else, unless this device
 *   does not have the message above; then what was said under it stands in the room's own timeline
 */
export async function findMessage(draft: Draft, room: RoomId, ref: MessageRef | undefined, thread: MessageRef | undefined): Promise<Target | undefined> {
  if (!isRef(ref) || !(await isKnown(draft, room, messageKey(ref.sender, ref.id)))) return undefined;
  if (thread === undefined) return findIn(draft, room, room, ref, undefined);
  if (!isRef(thread)) return undefined;
  const root = await findMessage(draft, room, thread, undefined);
  return findIn(draft, room, root === undefined ? room : threadScope(room, root.message), ref, root);
}

async function findIn(draft: Draft, room: RoomId, scope: string, ref: MessageRef, root: Target | undefined): Promise<Target | undefined> {
  const found = messageIn(await draft.history.at(scope, Number(ref.seq)), ref) ?? (await search(draft, scope, ref));
  return found && { room, scope, root, ...found };
}

async function search(draft: Draft, scope: string, ref: MessageRef): Promise<Pick<Target, 'place' | 'message'> | undefined> {
  const before = searches.get(draft) ?? 0;
  if (before >= SEARCHES) return undefined;
  searches.set(draft, before + 1);
  for (const item of await draft.history.latest(scope, LOOK_BACK)) {
    const found = messageIn(item, ref);
    // As the draft has it: it may have changed since it was written.
    if (found !== undefined) return messageIn(await draft.history.at(scope, found.place), ref);
  }
  return undefined;
}

function messageIn(item: StoredItem | undefined, { id, sender }: MessageRef): Pick<Target, 'place' | 'message'> | undefined {
  if (item?.item.case !== 'message') return undefined;
  const message = item.item.value;
  return sameBytes(message.id, id) && sameBytes(message.sender, sender) ? { place: placeOf(item), message } : undefined;
}

// ---------------------------------------------------------------- what is kept beside it

const notesKey = ({ scope, place }: Pick<Target, 'scope' | 'place'>) => ({ collection: 'notes', scope, order: place }) as const;

export async function readNotes(draft: Draft, target: Target): Promise<StoredNotes> {
  const kept = await draft.entries.get(notesKey(target));
  return kept === undefined ? create(StoredNotesSchema) : fromBinary(StoredNotesSchema, kept);
}
export const notedOf = async (draft: Draft, target: Target): Promise<Noted> => ({ message: target.message, notes: await readNotes(draft, target) });

export function writeNotes(draft: Draft, target: Target, notes: StoredNotes): void {
  draft.entries.put(notesKey(target), toBinary(StoredNotesSchema, notes));
  tellChanged(draft, target);
}
export async function writeMessage(draft: Draft, target: Target, message: StoredMessage): Promise<void> {
  const item = create(StoredItemSchema, { item: { case: 'message', value: message }, place: BigInt(target.place) });
  await draft.history.replace(target.scope, target.place, item);
  tellChanged(draft, target);
}

export function tellChanged(draft: Draft, { room, place, root }: Pick<Target, 'room' | 'place' | 'root'>): void {
  draft.emit({ changed: 'messages', room, seqs: [place], ...(root && { thread: hex(root.message.id) }) });
}

/** Texts that somebody began here, in the room or its threads. */
export function* begunIn(draft: Draft, room: RoomId) {
  for (const entry of draft.begun.entries()) if (isScopeOf(room, entry[0])) yield entry;
}
