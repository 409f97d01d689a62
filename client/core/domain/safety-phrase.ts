/**
 * The safety phrase of two people in a room: over the hub, the room, both member keys and the devices of both that are in the
 * room, so that a device that was slipped in shows. Six words of 2,048 carry 66 bits, out of Argon2id (session/verify).
 */
import { wordlist } from '@scure/bip39/wordlists/english.js';

export const SAFETY_WORDS = 6;
export const SAFETY_BYTES = 16;

export interface Side {
  readonly memberKey: Uint8Array;
  readonly leafKeys: readonly Uint8Array[];
}

/** The same bytes whoever of the two asks, and in whatever order the room has the devices. */
export function safetyFacts(hub: Uint8Array, room: Uint8Array, sides: readonly [Side, Side]): Uint8Array {
  const parts = [...sides].sort((a, b) => compare(a.memberKey, b.memberKey)).flatMap(({ memberKey, leafKeys }) => {
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, leafKeys.length);
    return [memberKey, count, ...[...leafKeys].sort(compare)];
  });
  const all = [new TextEncoder().encode('thicket/1 safety phrase\0'), hub, room, ...parts];
  const out = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The first 66 bits as six words. */
export function safetyWords(bits: Uint8Array): readonly string[] {
  const value = bits.subarray(0, 9).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> 6n;
  return Array.from({ length: SAFETY_WORDS }, (_, index) => wordlist[Number((value >> BigInt((SAFETY_WORDS - 1 - index) * 11)) & 2047n)] as string);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
