/** What the outbox makes of an item, and of the relay's answers to it. */
import { RelayRefusal } from '#shared/errors.ts';
import { hex } from '#shared/sodium.ts';
import { RoomContentSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import type { OutboxItem, OutboxItem_Message } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import type { Draft } from './draft.ts';
import { messageIdOf, updateMessage } from './outbox-state.ts';

const DROPS = 'drops';
const TYPING_COUNTS_MS = 20_000;
/** Bytes; what is longer is no such thing. */
const LONGEST_LIGHT = 256;

export function laneOf({ what }: OutboxItem): string {
  if (what.case === 'message') return hex(what.value.mailbox);
  return what.case === 'announcing' ? `board ${hex(what.value.board)}` : DROPS;
}

export const isDone = (what: OutboxItem['what']): boolean =>
  (what.case === 'message' && (what.value.failed || what.value.acknowledgedSeq > 0n)) || (what.case === 'announcing' && what.value.acknowledgedSeq > 0n);

/** Never that of another item. A drop is in no room. */
export const idOf = ({ what }: OutboxItem): string => (what.case === 'message' && messageIdOf(what.value)) || '';

export const isStale = (thrown: unknown): boolean =>
  thrown instanceof RelayRefusal && (thrown.code === 'wrong-slot' || thrown.code === 'bad-signature');

/** A duplicate is our own copy from before a lost reply. */
export async function orDuplicate(posted: Promise<{ seq: number }>): Promise<{ seq: number }> {
  try {
    return await posted;
  } catch (thrown) {
    if (thrown instanceof RelayRefusal && thrown.code === 'duplicate-record' && thrown.existing) return thrown.existing;
    throw thrown;
  }
}

/** It stays, for the person to try again. A remark about a message shows nowhere by itself: it is given up, and what it changed is as before. */
export function fail(draft: Draft, order: number, message: OutboxItem_Message, code: 'room-inactive' | 'relay-refused'): void {
  const id = messageIdOf(message);
  if (isRemark(message)) {
    draft.outbox.delete(order);
    draft.emit({ changed: 'timeline', room: hex(message.mailbox) });
  } else {
    updateMessage(draft, order, { failed: true });
  }
  if (id !== undefined) draft.afterwards(() => draft.device.waiting.failed(id, code));
}

const REMARKS = ['reaction', 'edit', 'deletion', 'pin', 'typing', 'receipt'] as const;
const isRemark = (message: OutboxItem_Message): boolean =>
  (REMARKS as readonly (string | undefined)[]).includes(decode(RoomContentSchema, message.content)?.body.case);

/** Nobody need know any more that somebody was writing then. @param now milliseconds since 1970 */
export function isTooLate(message: OutboxItem_Message, now: number): boolean {
  if (message.content.length > LONGEST_LIGHT) return false;
  const content = decode(RoomContentSchema, message.content);
  return content?.body.case === 'typing' && now - Number(content.sentAtMs) > TYPING_COUNTS_MS;
}
