/** Steps of an outbox item, each one a change to a draft. */
import { decode } from '../domain/parsing.ts';
import { RoomContentSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import type { OutboxItem, OutboxItem_Message } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { hex } from '#shared/sodium.ts';
import type { Draft } from './draft.ts';

export const messageIdOf = (message: OutboxItem_Message): string | undefined => {
  const content = decode(RoomContentSchema, message.content);
  return content && hex(content.id);
};

export function updateMessage(draft: Draft, order: number, change: Partial<OutboxItem_Message>): void {
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'message') return;
  const next: OutboxItem = { ...item, what: { case: 'message', value: { ...item.what.value, ...change } } };
  draft.outbox.set(order, next);
  draft.emit({ changed: 'timeline', room: hex(item.what.value.mailbox) });
}

/** Back to the start: it will be encrypted anew, with the same id. */
export function unseal(draft: Draft, order: number): void {
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'message') return;
  const { sealed: _sealed, ...rest } = item.what.value;
  draft.outbox.set(order, { ...item, what: { case: 'message', value: { ...rest, acknowledgedSeq: 0n } } });
}

/**
 * The log has gone past the place the relay acknowledged, and our body was not there: the acknowledgement was false.
 * Everybody reads the same log, so nobody has it; it is sent again.
 */
export function checkAcknowledged(draft: Draft, shard: number): void {
  const cursor = draft.cursors.get(shard) ?? 0;
  for (const [order, { what }] of draft.outbox.entries()) {
    if (what.case !== 'message' || what.value.acknowledgedSeq === 0n || Number(what.value.acknowledgedSeq) > cursor) continue;
    const mailbox = draft.rooms.get(hex(what.value.mailbox))?.mailbox;
    if (mailbox === undefined || draft.device.shardOf(mailbox) !== shard) continue;
    unseal(draft, order);
    draft.afterwards(() => draft.device.wake.outbox());
  }
}
