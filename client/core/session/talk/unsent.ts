/** What this device has written and the log has not shown it yet: messages, and remarks about messages, which count at once. */
import { RoomContentSchema, type MessageRef, type RoomContent, type RoomSettings } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { OutboxItem, OutboxItem_Message } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { edit, forget, react, type Noted } from '../../domain/notes.ts';
import { decode } from '../../domain/parsing.ts';
import { mayDelete, mayEdit, mayPin } from '../../domain/talk-rules.ts';
import { hex } from '#shared/sodium.ts';
import type { MessageId, RoomId } from '../api.ts';
import { messageKey } from '../memory.ts';
import { scopeOf } from './scopes.ts';

export interface Unsent {
  readonly order: number;
  readonly item: OutboxItem_Message;
  readonly content: RoomContent;
}

/** In the order they were written. @param outbox by place */
export function unsentIn(outbox: Iterable<[number, OutboxItem]>, room: RoomId): Unsent[] {
  const found: Unsent[] = [];
  for (const [order, { what }] of outbox) {
    if (what.case !== 'message' || hex(what.value.mailbox) !== room) continue;
    const content = decode(RoomContentSchema, what.value.content);
    if (content !== undefined) found.push({ order, item: what.value, content });
  }
  return found.sort((a, b) => a.order - b.order);
}

/** Those that stand in a timeline, of the room or of a thread. */
export const messagesIn = (unsent: readonly Unsent[], room: RoomId, scope: string): Unsent[] =>
  unsent.filter(({ content }) => (content.body.case === 'text' || content.body.case === 'file') && scopeOf(room, content.thread) === scope);

export const unsentNamed = (unsent: readonly Unsent[], id: MessageId): Unsent | undefined => unsent.find(({ content }) => hex(content.id) === id);

export type Remarks = ReadonlyMap<string, readonly RoomContent[]>;

/** Remarks by the message they are about; what was given up does not count. */
export function remarksIn(unsent: readonly Unsent[]): Remarks {
  const remarks = new Map<string, RoomContent[]>();
  for (const { item, content } of unsent) {
    const about = item.failed ? undefined : aboutOf(content);
    if (about === undefined) continue;
    const key = messageKey(about.sender, about.id);
    remarks.set(key, [...(remarks.get(key) ?? []), content]);
  }
  return remarks;
}

export function aboutOf({ body }: RoomContent): MessageRef | undefined {
  if (body.case === 'reaction') return body.value.to;
  return body.case === 'edit' || body.case === 'deletion' || body.case === 'pin' ? body.value.of : undefined;
}

/** The message as it will be when the log shows these. @param me member key */
export function withRemarks(noted: Noted, remarks: readonly RoomContent[], settings: RoomSettings, me: Uint8Array): Noted {
  return remarks.reduce((before, { body, sentAtMs }): Noted => {
    const { message, notes } = before;
    if (body.case === 'reaction') return { message, notes: react(before, me, body.value.emoji, !body.value.off) ?? notes };
    if (body.case === 'edit' && body.value.text !== undefined && mayEdit(settings, message, me)) return edit(before, body.value.text, sentAtMs) ?? before;
    if (body.case === 'deletion' && mayDelete(settings, message, me)) return forget(before, me);
    if (body.case === 'pin' && mayPin(settings, message, me)) return { message, notes: { ...notes, pinnedBy: body.value.off ? new Uint8Array(0) : me } };
    return before;
  }, noted);
}
