/** What the outbox makes of an item, and of the relay's answers to it. */
import { RelayRefusal } from '#shared/errors.ts';
import { hex } from '#shared/sodium.ts';
import type { OutboxItem, OutboxItem_Message } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Draft } from './draft.ts';
import { messageIdOf, updateMessage } from './outbox-state.ts';

const DROPS = 'drops';

export const laneOf = ({ what }: OutboxItem): string => (what.case === 'message' ? hex(what.value.mailbox) : DROPS);

export const isDone = (what: OutboxItem['what']): boolean => what.case === 'message' && (what.value.failed || what.value.acknowledgedSeq > 0n);

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

export function fail(draft: Draft, order: number, message: OutboxItem_Message, code: 'room-inactive' | 'relay-refused'): void {
  updateMessage(draft, order, { failed: true });
  const id = messageIdOf(message);
  if (id !== undefined) draft.afterwards(() => draft.device.waiting.failed(id, code));
}
