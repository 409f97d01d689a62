/** A room of two: alice encrypts, bob opens. Whole record bodies, as they go to the relay. */
import { createMls } from '#core/mls/mls.ts';
import type { Room, Suite } from '#core/mls/port.ts';
import { type Side } from '../measure.ts';
import { nobodyObjects, twoInARoom } from '../people.ts';

const mls = createMls();

export interface Conversation {
  readonly encrypt: Side;
  readonly decrypt: Side;
}

/** @param count messages of one round */
export async function thicketConversation(suite: Suite, text: Uint8Array, count: number): Promise<Conversation> {
  const [first, second] = await twoInARoom(suite);
  let alice: Room = first;
  let bob: Room = second;
  let bodies: Uint8Array[] = [];
  const encrypt = async (): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const { body, next } = await mls.encrypt(alice, text);
      alice = next;
      bodies.push(body);
    }
  };
  const clear = async (): Promise<void> => {
    await open();
  };
  const open = async (): Promise<void> => {
    for (const body of bodies) {
      const opened = await mls.open(bob, 'post', body, nobodyObjects);
      if (opened.kind !== 'message' || opened.content.length !== text.length) throw new Error('not opened');
      bob = opened.next;
    }
    bodies = [];
  };
  return {
    encrypt: { operations: count, prepare: clear, run: encrypt },
    decrypt: { operations: count, prepare: async () => (await clear(), await encrypt()), run: open },
  };
}
