/** What comes into a room about messages that are there: reactions, changes, deletions, pins. What may not be is passed over. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageRef } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredPinSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { edit, forget, react } from '../../domain/notes.ts';
import { sameBytes } from '../../domain/signing.ts';
import { mayDelete, mayEdit, mayPin, MOST_PINS } from '../../domain/talk-rules.ts';
import type { Heard, Said } from '../contents.ts';
import type { Draft } from '../draft.ts';
import { noteWithdrawn } from '../files/withdrawing.ts';
import { messageKey } from '../memory.ts';
import { settingsOf } from '../room-state.ts';
import { forgetMessages } from '../unindexed.ts';
import { hex } from '#shared/sodium.ts';
import { countMessage, worthOf } from './counting.ts';
import { refFrom } from './scopes.ts';
import { begunIn, findMessage, isKnown, notedOf, readNotes, writeMessage, writeNotes, type Target } from './targets.ts';
import { shrinkThread } from './threads.ts';

/**
 * The message a remark is about. A copy of a remark, sent again because an answer was lost, changes nothing: what was said
 * in between would be undone.
 */
async function targetOf({ draft, state, record, content, sender }: Heard, ref: MessageRef | undefined): Promise<Target | undefined> {
  const key = messageKey(sender, content.id);
  if (content.id.length !== 16 || (await isKnown(draft, state.id, key))) return undefined;
  draft.putKey(state.id, record.seq, key);
  return findMessage(draft, state.id, ref, content.thread);
}

export async function takeReaction(said: Said<'reaction'>): Promise<void> {
  const { draft, sender, value } = said;
  const target = await targetOf(said, value.to);
  const notes = target && react(await notedOf(draft, target), sender, value.emoji, !value.off);
  if (notes !== undefined) writeNotes(draft, target as Target, notes);
}

export async function takeEdit(said: Said<'edit'>): Promise<void> {
  const { draft, state, sender, value, content } = said;
  const target = await targetOf(said, value.of);
  if (target === undefined || value.text === undefined || !mayEdit(settingsOf(state.room), target.message, sender)) return;
  const after = edit(await notedOf(draft, target), value.text, content.sentAtMs);
  if (after === undefined) return;
  await writeMessage(draft, target, after.message);
  writeNotes(draft, target, after.notes);
  await forgetMessages(draft, target.scope, [target.place]);
  await countMessage(draft, target, worthOf(draft.device, target.message), worthOf(draft.device, after.message));
}

export async function takeDeletion(said: Said<'deletion'>): Promise<void> {
  const { draft, state, sender, value } = said;
  const target = await targetOf(said, value.of);
  if (target === undefined || !mayDelete(settingsOf(state.room), target.message, sender)) return;
  const after = forget(await notedOf(draft, target), sender);
  const { file } = target.message;
  if (file !== undefined) {
    draft.also({ deleteScope: { collection: 'files', scope: hex(file.blob) } });
    if (sameBytes(target.message.sender, draft.device.member.key) && !target.message.forwarded) await noteWithdrawn(draft, file.blob);
  }
  await writeMessage(draft, target, after.message);
  writeNotes(draft, target, after.notes);
  await forgetMessages(draft, target.scope, [target.place]);
  await countMessage(draft, target, worthOf(draft.device, target.message), worthOf(draft.device, after.message));
  if (target.root !== undefined) await shrinkThread(draft, target.root);
  forgetAround(draft, target);
}

/** Lists it stood in, and what was begun as an answer to it. */
export function forgetAround(draft: Draft, { room, scope, place, message }: Target): void {
  draft.entries.delete({ collection: 'pins', scope: room, order: place });
  draft.entries.delete({ collection: 'bookmarks', scope, order: place });
  draft.emit({ changed: 'pins', room });
  draft.emit({ changed: 'bookmarks' });
  for (const [where, begun] of [...begunIn(draft, room)]) {
    const { replyTo, ...rest } = begun;
    if (replyTo !== undefined && sameBytes(replyTo.id, message.id) && sameBytes(replyTo.sender, message.sender)) draft.begun.set(where, rest);
  }
}

export async function takePin(said: Said<'pin'>): Promise<void> {
  const { draft, state, record, sender, value } = said;
  const target = await targetOf(said, value.of);
  if (target === undefined || !mayPin(settingsOf(state.room), target.message, sender)) return;
  const notes = await readNotes(draft, target);
  if ((notes.pinnedBy.length > 0) === !value.off) return;
  const key = { collection: 'pins', scope: state.id, order: target.place } as const;
  if (value.off) {
    draft.entries.delete(key);
    writeNotes(draft, target, { ...notes, pinnedBy: new Uint8Array(0), pinnedSeq: 0n });
  } else {
    if ((await draft.entries.range('pins', state.id, 0)).length >= MOST_PINS) return;
    const pinnedSeq = BigInt(record.seq);
    draft.entries.put(key, toBinary(StoredPinSchema, create(StoredPinSchema, { pinnedSeq, ...(target.root && { thread: refFrom(target.root) }) })));
    writeNotes(draft, target, { ...notes, pinnedBy: sender, pinnedSeq });
  }
  draft.emit({ changed: 'pins', room: state.id });
}
