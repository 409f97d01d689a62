/** What a person began to write and has not sent: of a room, or of a thread. */
import { create } from '@bufbuild/protobuf';
import { OwnDraftSchema, TextSchema, type MessageRef, type Text } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredDraftSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { LONGEST_TEXT } from '../../domain/talk-rules.ts';
import { fromHex } from '#shared/sodium.ts';
import { SessionFailure, type OutgoingText, type RoomId } from '../api.ts';
import { tellSiblings } from '../devices/own-room.ts';
import type { Draft } from '../draft.ts';
import { refOf, roomOf, scopeOf } from './scopes.ts';
import { textOf } from './writing.ts';

/** An empty text forgets it. */
export function saveDraft(draft: Draft, room: RoomId, outgoing: OutgoingText): void {
  if (draft.rooms.get(room) === undefined) throw new SessionFailure('unknown-room');
  const text = textOf({ ...outgoing, text: outgoing.text.slice(0, LONGEST_TEXT) }, LONGEST_TEXT);
  const thread = outgoing.thread && refOf(outgoing.thread);
  if (text.text === '' && outgoing.replyTo === undefined) {
    forgetDraft(draft, room, thread);
    return;
  }
  keep(draft, scopeOf(room, thread), text, outgoing.replyTo && refOf(outgoing.replyTo), draft.device.now());
  tell(draft, room, thread, text);
}

/** It was sent, or given up. */
export function forgetDraft(draft: Draft, room: RoomId, thread: MessageRef | undefined): void {
  if (dropDraft(draft, scopeOf(room, thread))) tell(draft, room, thread, create(TextSchema));
}

function tell(draft: Draft, room: RoomId, thread: MessageRef | undefined, text: Text): void {
  const bytes = fromHex(room) ?? new Uint8Array(0);
  tellSiblings(draft, { case: 'draft', value: create(OwnDraftSchema, { room: bytes, ...(thread && { thread }), text, atMs: BigInt(draft.device.now()) }) });
}

/** @param at milliseconds since 1970: of two devices that began, the later one counts */
export function keep(draft: Draft, scope: string, text: Text, replyTo: MessageRef | undefined, at: number): void {
  draft.begun.set(scope, create(StoredDraftSchema, { text, atMs: BigInt(at), ...(replyTo && { replyTo }) }));
  draft.emit({ changed: 'rooms' });
}

/** @returns false if there was none */
export function dropDraft(draft: Draft, scope: string): boolean {
  if (draft.begun.get(scope) === undefined) return false;
  draft.begun.delete(scope);
  if (draft.rooms.get(roomOf(scope)) !== undefined) draft.emit({ changed: 'rooms' });
  return true;
}
