/**
 * The short phrase that a newcomer reads out and an inviter compares. Four words of 2,048 carry 44 bits; the bits come
 * out of Argon2id (session/admission), so that finding other keys with the same phrase costs 2^44 slow hashes.
 */
import { wordlist } from '@scure/bip39/wordlists/english.js';

export const PHRASE_WORDS = 4;
/** Bytes `phraseOf` needs. */
export const PHRASE_BYTES = 6;

/** The first 44 bits as four words. */
export function phraseOf(bits: Uint8Array): readonly string[] {
  let value = 0n;
  for (const byte of bits.subarray(0, PHRASE_BYTES)) value = (value << 8n) | BigInt(byte);
  value >>= BigInt(PHRASE_BYTES * 8 - PHRASE_WORDS * 11);
  const words: string[] = [];
  for (let i = PHRASE_WORDS - 1; i >= 0; i -= 1) {
    words.push(wordlist[Number((value >> BigInt(i * 11)) & 2047n)] as string);
  }
  return words;
}

/** The words of what somebody heard or typed: whatever the case, whatever stands between them. */
export const wordsSaid = (said: string): string[] => said.toLowerCase().split(/[^a-z]+/u).filter(Boolean);

/** True if somebody who said this meant these words. */
export const samePhrase = (words: readonly string[], said: string): boolean => wordsSaid(said).join(' ') === words.join(' ');
