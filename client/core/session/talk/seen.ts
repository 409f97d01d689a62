/** What a person has read, keeps at hand, follows and chose: their own affair, alike on all their devices. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { OwnBookmarkSchema, OwnReadSchema, OwnRoomChoicesSchema, type MessageRef, type OwnBookmark, type OwnDraft, type OwnRead, type OwnRoomChoices } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredBookmarkSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { isRef, textFacts } from '../../domain/talk-rules.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { SessionFailure, type MessagePlace, type RoomId } from '../api.ts';
import { tellSiblings } from '../devices/own-room.ts';
import type { Draft } from '../draft.ts';
import { choicesFrom, storedChoices, type RoomChoices, type RoomState } from '../room-state.ts';
import { dropDraft, keep } from './begun.ts';
import { readUpTo } from './counting.ts';
import { refFrom, refOf, scopeOf, threadRefOf } from './scopes.ts';
import { findMessage, readNotes, writeNotes, type Target } from './targets.ts';
import { follow } from './threads.ts';

const roomBytes = (room: RoomId): Uint8Array<ArrayBufferLike> => fromHex(room) ?? new Uint8Array(0);

/** @throws SessionFailure `unknown-room` */
export function roomIn(draft: Draft, room: RoomId): RoomState {
  const state = draft.rooms.get(room);
  if (state === undefined) throw new SessionFailure('unknown-room');
  return state;
}
/** @throws SessionFailure `unknown-room`; `internal` if this device has no such message */
export async function targetIn(draft: Draft, room: RoomId, place: MessagePlace): Promise<Target> {
  roomIn(draft, room);
  const target = await findMessage(draft, room, refOf(place), threadRefOf(place));
  if (target === undefined) throw new SessionFailure('internal');
  return target;
}

// ---------------------------------------------------------------- read

/** @returns whether that was news */
export async function markReadTo(draft: Draft, room: RoomId, seq: number, thread: MessagePlace | undefined): Promise<boolean> {
  const root = thread && (await targetIn(draft, room, thread));
  roomIn(draft, room);
  if (!(await readUpTo(draft, room, seq, root))) return false;
  tellSiblings(draft, { case: 'read', value: create(OwnReadSchema, { room: roomBytes(room), readSeq: BigInt(seq), ...(root && { thread: refFrom(root) }) }) });
  return true;
}

export async function takeRead(draft: Draft, { room, thread, readSeq }: OwnRead): Promise<void> {
  const id = hex(room);
  if (draft.rooms.get(id) === undefined || readSeq > BigInt(Number.MAX_SAFE_INTEGER)) return;
  const root = thread && (await findMessage(draft, id, thread, undefined));
  if (thread === undefined || root !== undefined) await readUpTo(draft, id, Number(readSeq), root);
}

// ---------------------------------------------------------------- kept at hand

export async function bookmark(draft: Draft, room: RoomId, place: MessagePlace, on: boolean): Promise<void> {
  const target = await targetIn(draft, room, place);
  if (!(await setBookmark(draft, target, on))) return;
  const { root } = target;
  tellSiblings(draft, { case: 'bookmark', value: create(OwnBookmarkSchema, { room: roomBytes(room), of: refFrom(target), off: !on, ...(root && { thread: refFrom(root) }) }) });
}

export async function takeBookmark(draft: Draft, { room, of, thread, off }: OwnBookmark): Promise<void> {
  const id = hex(room);
  const target = draft.rooms.get(id) && (await findMessage(draft, id, of, thread));
  if (target !== undefined) await setBookmark(draft, target, !off);
}

async function setBookmark(draft: Draft, target: Target, on: boolean): Promise<boolean> {
  const notes = await readNotes(draft, target);
  if (notes.bookmarked === on || (on && target.message.gone)) return false;
  const key = { collection: 'bookmarks', scope: target.scope, order: target.place } as const;
  const { root } = target;
  if (on) draft.entries.put(key, toBinary(StoredBookmarkSchema, create(StoredBookmarkSchema, { atMs: BigInt(draft.device.now()), ...(root && { thread: refFrom(root) }) })));
  else draft.entries.delete(key);
  writeNotes(draft, target, { ...notes, bookmarked: on });
  draft.emit({ changed: 'bookmarks' });
  return true;
}

export async function followThread(draft: Draft, room: RoomId, thread: MessagePlace, on: boolean): Promise<void> {
  await follow(draft, await targetIn(draft, room, thread), on);
}

// ---------------------------------------------------------------- chosen

export function setChoices(draft: Draft, room: RoomId, change: Partial<Omit<RoomChoices, 'at'>>): void {
  const state = roomIn(draft, room);
  const { typing = state.choices.typing, receipts = state.choices.receipts, notify = state.choices.notify } = change;
  const choices: RoomChoices = { typing, receipts, notify, at: draft.device.now() };
  choose(draft, state, choices);
  tellSiblings(draft, { case: 'choices', value: create(OwnRoomChoicesSchema, { ...storedChoices(choices), room: roomBytes(room) }) });
}

export function takeChoices(draft: Draft, chosen: OwnRoomChoices): void {
  const state = draft.rooms.get(hex(chosen.room));
  const choices = choicesFrom(chosen);
  if (state !== undefined && choices.at > state.choices.at) choose(draft, state, choices);
}

function choose(draft: Draft, state: RoomState, choices: RoomChoices): void {
  draft.rooms.set(state.id, { ...state, choices });
  // Whoever does not show it does not see it either, and nothing of it stays.
  if (!choices.receipts) draft.readers.delete(state.id);
  draft.emit({ changed: 'rooms' });
  draft.emit({ changed: 'timeline', room: state.id });
}

// ---------------------------------------------------------------- begun elsewhere

export function takeDraft(draft: Draft, { room, thread, text, atMs }: OwnDraft): void {
  const id = hex(room);
  const scope = scopeOf(id, isThread(thread) ? thread : undefined);
  const here = draft.begun.get(scope);
  if (draft.rooms.get(id) === undefined || (here !== undefined && here.atMs >= atMs)) return;
  const facts = text && textFacts(text);
  if (facts === undefined) dropDraft(draft, scope);
  else keep(draft, scope, { ...(text as OwnDraft['text'] & object), ...facts }, undefined, Number(atMs));
}
const isThread = (ref: MessageRef | undefined): ref is MessageRef => isRef(ref);
