/** A past room leaves this device, with everything that was said in it. What stays is a mark that keeps old Welcomes out. */
import { StoredVanishingSchema, type StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { hex, sha256, utf8 } from '#shared/sodium.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { Collection } from '../../vault/port.ts';
import { SessionFailure, type RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { readHistory } from '../history.ts';
import { forgetLooks } from '../profiles/profiles.ts';
import { isScopeOf } from '../talk/scopes.ts';
import { forgetScope as forgetIndex } from '../unindexed.ts';
import { isPast } from './rules.ts';
import { scopesOf } from './scopes.ts';

/** Of what was said. */
const OF_MESSAGES = ['messages', 'notes', 'bookmarks'] as const satisfies readonly Collection[];
const OF_ROOMS = ['message-ids', 'pins', 'threads', 'receipts'] as const satisfies readonly Collection[];

/** @throws SessionFailure `unknown-room` | `room-active` | `still-leaving` */
export async function forgetRoom(device: Device, id: RoomId): Promise<void> {
  await device.change(async (draft) => {
    const state = draft.rooms.get(id);
    if (state === undefined) throw new SessionFailure('unknown-room');
    if (!isPast(state, device)) throw new SessionFailure('room-active');
    const queued = outgoing(draft, id);
    if (state.room.active && queued.some(({ acknowledged }) => !acknowledged)) throw new SessionFailure('still-leaving');
    for (const { order } of queued) draft.outbox.delete(order);
    draft.rooms.delete(id);
    draft.lastPlaces.delete(id);
    draft.readers.delete(id);
    draft.integrity.counts.delete(id);
    for (const { scope } of await scopesOf(device.vault, id)) await forgetScope(draft, scope);
    for (const collection of OF_ROOMS) draft.also({ deleteScope: { collection, scope: id } });
    for (const [scope] of [...draft.begun.entries()]) if (isScopeOf(id, scope)) draft.begun.delete(scope);
    forgetLooks(draft, id);
    await forgetDue(draft, id);
    draft.also({ put: goneKey(id), value: toBytes(Math.max(state.epochSeq, state.joinedSeq, draft.cursors.get(device.shardOf(state.mailbox)) ?? 0)) });
    draft.emit({ changed: 'rooms' });
    draft.emit({ changed: 'threads' });
    draft.emit({ changed: 'bookmarks' });
    draft.afterwards(() => device.messageIds.drop(id));
  });
}

const outgoing = (draft: Draft, room: RoomId): { order: number; acknowledged: boolean }[] =>
  [...draft.outbox.entries()].flatMap(([order, { what }]) =>
    what.case === 'message' && hex(what.value.mailbox) === room ? [{ order, acknowledged: what.value.acknowledgedSeq > 0n || what.value.failed }] : []);

async function forgetScope(draft: Draft, scope: string): Promise<void> {
  for (const { item } of await readHistory(draft.device.vault, scope)) {
    if (item.case === 'message') forgetFile(draft, item.value);
  }
  for (const collection of OF_MESSAGES) draft.also({ deleteScope: { collection, scope } });
  forgetIndex(draft, scope);
}

/**
 * The bytes that are kept of its file here, and, of one's own sending, what could take it back at the relay. Others may name
 * the same file: who brought it here from another room, and who wants it to be lost.
 */
export function forgetFile(draft: Draft, { file, sender, forwarded }: Pick<StoredMessage, 'file' | 'sender' | 'forwarded'>): void {
  if (file === undefined) return;
  draft.also({ deleteScope: { collection: 'files', scope: hex(file.blob) } });
  if (!forwarded && sameBytes(sender, draft.device.member.key)) draft.also({ deleteScope: { collection: 'uploads', scope: hex(file.blob) } });
}

async function forgetDue(draft: Draft, room: RoomId): Promise<void> {
  for (const { order, value } of await draft.device.vault.range('vanishing', '')) {
    const { places } = fromBinary(StoredVanishingSchema, value);
    const left = places.filter((place) => place.room !== room);
    const key = { collection: 'vanishing', scope: '', order } as const;
    if (left.length === 0) draft.entries.delete(key);
    else if (left.length < places.length) draft.entries.put(key, toBinary(StoredVanishingSchema, create(StoredVanishingSchema, { places: left })));
  }
}

// ---------------------------------------------------------------- what keeps it out

/** By a hash of its id: a dump of an open vault does not say which rooms there were, unless one knows them. */
const goneKey = (room: RoomId) => ({ collection: 'settings', scope: `gone ${hex(sha256(utf8(`thicket/1 gone ${room}`)))}`, order: 0 }) as const;

/** Whether a Welcome by a commit that stands there is from before this room was forgotten here. */
export async function wasForgotten(draft: Draft, room: RoomId, commitSeq: number): Promise<boolean> {
  const mark = await draft.device.vault.get(goneKey(room));
  return mark !== undefined && commitSeq <= Number(new DataView(mark.buffer, mark.byteOffset).getBigUint64(0));
}

function toBytes(seq: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seq));
  return bytes;
}
