/**
 * The room of this person's own devices: an MLS room like any other, in which nobody else is. It is not in the list of
 * rooms, nothing in it is unread, and it exists from the second device on. What comes up while a record waits to leave
 * joins it; of two things said of the same place the later one is sent.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  OwnSchema, OwnSeveralSchema, RoomContentSchema, type File, type MessageRef, type Own, type RoomContent,
} from '../../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from '../../domain/parsing.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { OutboxItem } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { hex } from '#shared/sodium.ts';
import type { Draft } from '../draft.ts';
import { enqueueContent } from '../newcoming.ts';
import { updateMessage } from '../outbox-state.ts';
import { settingsOf, type RoomState } from '../room-state.ts';

export type OwnWhat = Exclude<Own['what'], { case: 'several' } | { case: undefined }>;

/** So much is put together into one record; a single larger thing goes alone. */
const MOST_TOGETHER = 12 * 1024;

const owners = new WeakMap<Uint8Array, Uint8Array>();
function devicesOf({ room }: RoomState): Uint8Array {
  const known = owners.get(room.settings);
  if (known !== undefined) return known;
  const { devicesOf: owner } = settingsOf(room);
  owners.set(room.settings, owner);
  return owner;
}

/** Whether it is a room of somebody's own devices: this person's, as no device comes into another's. */
export const isOwnRoom = (state: RoomState): boolean => devicesOf(state).length > 0;

/** The one that is in use. Where two were made it is the same for every device: the first by its id. */
export function ownRoomOf(rooms: Iterable<RoomState>): RoomState | undefined {
  return [...rooms].filter((state) => state.room.active && isOwnRoom(state)).sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

/**
 * Tells this person's other devices, if there are any, when it is next their turn: about once a minute, except for what
 * cannot wait. Call it as often as there is something to tell.
 */
export function tellSiblings(draft: Draft, what: OwnWhat): void {
  const state = ownRoomOf([...draft.rooms.entries()].map(([, room]) => room));
  if (state === undefined || !state.room.leaves.some(({ index }) => index !== state.room.ownLeaf)) return;
  const own = create(OwnSchema, { what });
  const waiting = lastWaiting(draft, state.id);
  const together = waiting && joined(waiting.own, own);
  if (waiting === undefined || together === undefined) {
    enqueueContent(draft, state, { case: 'own', value: severalOf([own]) });
    return;
  }
  const content: RoomContent = { ...waiting.content, body: { case: 'own', value: severalOf(together) } };
  updateMessage(draft, waiting.order, { content: toBinary(RoomContentSchema, content) });
}

/** The one kind of file there is in such a room. */
export const ownHistory = (file: File) => ({ case: 'own' as const, value: create(OwnSchema, { what: { case: 'history', value: file } }) });

/** What an own content says, one after the other. */
export const saidIn = (own: Own): readonly OwnWhat[] =>
  (own.what.case === 'several' ? own.what.value.own : [own]).slice(0, 1000)
    .flatMap(({ what }) => (what.case === undefined || what.case === 'several' ? [] : [what]));

/** It concerns who may read, or somebody waits for it. */
export function isUrgent({ what }: OutboxItem): boolean {
  const content = what.case === 'message' ? decode(RoomContentSchema, what.value.content) : undefined;
  return content?.body.case !== 'own' || saidIn(content.body.value).some(({ case: kind }) => kind === 'device' || kind === 'verified' || kind === 'history');
}

const severalOf = (own: readonly Own[]): Own => create(OwnSchema, { what: { case: 'several', value: create(OwnSeveralSchema, { own: [...own] }) } });

/** The newest of what is queued there, if it was not sealed yet. */
function lastWaiting(draft: Draft, room: string): { order: number; content: RoomContent; own: readonly Own[] } | undefined {
  let last: [number, OutboxItem] | undefined;
  for (const entry of draft.outbox.entries()) {
    const { what } = entry[1];
    if (what.case === 'message' && hex(what.value.mailbox) === room && entry[0] > (last?.[0] ?? -1)) last = entry;
  }
  if (last?.[1].what.case !== 'message') return undefined;
  const { sealed, failed, acknowledgedSeq, content: bytes } = last[1].what.value;
  if (sealed !== undefined || failed || acknowledgedSeq > 0n) return undefined;
  const content = fromBinary(RoomContentSchema, bytes);
  if (content.body.case !== 'own' || content.body.value.what.case !== 'several') return undefined;
  return { order: last[0], content, own: content.body.value.what.value.own };
}

/** @returns undefined where both are too much for one record */
function joined(waiting: readonly Own[], own: Own): readonly Own[] | undefined {
  const key = keyOf(own.what);
  const kept = waiting.filter(({ what }) => key === undefined || keyOf(what) !== key);
  const all = [...kept, own];
  return toBinary(OwnSchema, severalOf(all)).length <= MOST_TOGETHER ? all : undefined;
}

/** Of two that have the same key the later one says it all. */
function keyOf(what: Own['what']): string | undefined {
  switch (what.case) {
    case 'read': case 'draft': return `${what.case} ${hex(what.value.room)} ${refKey(what.value.thread)}`;
    case 'bookmark': return `bookmark ${hex(what.value.room)} ${refKey(what.value.of)}`;
    case 'verified': return `verified ${hex(what.value.member)}`;
    case 'choices': return `choices ${hex(what.value.room)}`;
    default: return undefined;
  }
}
const refKey = (ref: MessageRef | undefined): string => (ref === undefined ? '' : `${hex(ref.sender)} ${hex(ref.id)}`);

/** A room with settings that name a member whose devices alone are in it. */
export const isRoomOf = (state: RoomState, member: Uint8Array): boolean => sameBytes(devicesOf(state), member);
