/** Steps of an outbox item, each one a change to a draft. */
import { create } from '@bufbuild/protobuf';
import { decode } from '../domain/parsing.ts';
import { RoomContentSchema, type RoomContent } from '../content/gen/thicket/content/v1/content_pb.ts';
import type { OutboxItem, OutboxItem_Message } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { finalHead, generationAt, shardIn } from '#shared/generations.ts';
import { hex } from '#shared/sodium.ts';
import type { Draft } from './draft.ts';

export const messageIdOf = (message: OutboxItem_Message): string | undefined => {
  const content = decode(RoomContentSchema, message.content);
  return content && hex(content.id);
};

/** What names it; nothing for a content that cannot be read. */
export const contentOf = (message: OutboxItem_Message): Pick<RoomContent, 'id' | 'thread'> => decode(RoomContentSchema, message.content) ?? create(RoomContentSchema);

export function updateMessage(draft: Draft, order: number, change: Partial<OutboxItem_Message>): void {
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'message') return;
  const next: OutboxItem = { ...item, what: { case: 'message', value: { ...item.what.value, ...change } } };
  draft.outbox.set(order, next);
  draft.emit({ changed: 'timeline', room: hex(item.what.value.mailbox) });
}

/** The tokens that pay for an item; none makes it pay anew. */
export function setPostage(draft: Draft, order: number, postage: Uint8Array): void {
  const item = draft.outbox.get(order);
  if (item?.what.case === 'message') draft.outbox.set(order, { ...item, what: { case: 'message', value: { ...item.what.value, postage } } });
  if (item?.what.case === 'drop') draft.outbox.set(order, { ...item, what: { case: 'drop', value: { ...item.what.value, postage } } });
  if (item?.what.case === 'announcing') draft.outbox.set(order, { ...item, what: { case: 'announcing', value: { ...item.what.value, postage } } });
}

/** The room is in another mailbox: tokens that may have been shown at the old one would say that both are the same room. */
export function dropPostage(draft: Draft, room: string): void {
  for (const [order, { what }] of draft.outbox.entries()) {
    if (what.case === 'message' && hex(what.value.mailbox) === room) setPostage(draft, order, new Uint8Array(0));
  }
}

/** Back to the start: it will be encrypted anew, with the same id. */
export function unseal(draft: Draft, order: number): void {
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'message') return;
  const { sealed: _sealed, ...rest } = item.what.value;
  draft.outbox.set(order, { ...item, what: { case: 'message', value: { ...rest, acknowledgedSeq: 0n } } });
}

/**
 * The log has gone past the place the relay acknowledged, or ended before it, and our body was not there: nobody else has
 * it either, or not everybody; it is sent again, and whoever has it knows it by its id.
 */
export function checkAcknowledged(draft: Draft): void {
  const { generations } = draft.layout;
  for (const [order, { what }] of draft.outbox.entries()) {
    if (what.case !== 'message' || what.value.acknowledgedSeq === 0n) continue;
    const seq = Number(what.value.acknowledgedSeq);
    const mailbox = draft.rooms.get(hex(what.value.mailbox))?.mailbox;
    if (mailbox === undefined) continue;
    const shard = shardIn(generationAt(generations, seq), mailbox);
    const cursor = draft.cursors.get(shard) ?? 0;
    const end = finalHead(generations, shard);
    if (seq > cursor && (end === undefined || seq <= end)) continue;
    sendAgain(draft, order);
  }
}

/** A relay that acknowledges and loses without end would have us post without end: then the person is asked. */
const MISSES = 3;

export function sendAgain(draft: Draft, order: number): void {
  unseal(draft, order);
  const item = draft.outbox.get(order);
  if (item?.what.case !== 'message') return;
  const missed = item.what.value.missed + 1;
  const failed = item.what.value.failed || missed >= MISSES;
  updateMessage(draft, order, { missed, failed });
  const id = failed ? messageIdOf(item.what.value) : undefined;
  if (id !== undefined) draft.afterwards(() => draft.device.waiting.failed(id, 'relay-refused'));
  draft.afterwards(() => draft.device.wake.outbox());
}
