/** Sending into a room. */
import { createApplicationMessage } from 'ts-mls/createMessage.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { zero } from '#shared/sodium.ts';
import { wrap } from './envelope.ts';
import type { Room } from './port.ts';
import { cryptoFor } from './provider.ts';
import { activeStateOf, toRoom } from './room-state.ts';

/** @throws MlsFailure `too-long` | `not-active` */
export async function encrypt(room: Room, content: Uint8Array): Promise<{ body: Uint8Array; next: Room }> {
  const state = activeStateOf(room);
  const { newState, privateMessage, consumed } = await createApplicationMessage(state, content, cryptoFor(room.suite));
  forgetMessageKey(consumed);
  const message = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
  return { body: await wrap(state, 'post', message), next: toRoom(newState) };
}

/**
 * The library hands over what a message used up: ratchet secrets, then the message's own key. Only the last may be
 * overwritten: the older state shares the ratchet secrets, and it must live on if the new one is never adopted (a page
 * whose transaction fails, a post the relay refuses). They go when that state is dropped.
 */
export function forgetMessageKey(consumed: readonly Uint8Array[]): void {
  const key = consumed.at(-1);
  if (key !== undefined) zero(key);
}
