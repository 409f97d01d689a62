/**
 * The recovery phrase: twelve words of BIP-39, 128 bits by chance with a checksum, so that a word that is mistyped or in
 * another place is told from a wrong phrase. docs/decisions/0036 says why twelve.
 */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

export const RECOVERY_WORDS = 12;
export const RECOVERY_BYTES = 16;

/** @param entropy 16 bytes by chance */
export const recoveryPhrase = (entropy: Uint8Array): readonly string[] => entropyToMnemonic(entropy, wordlist).split(' ');

/** As somebody typed or pasted it: any case, anything between the words, numbers before them. */
export const wordsIn = (said: string): readonly string[] => said.toLowerCase().split(/[^a-z]+/u).filter(Boolean);

/** @returns the 16 bytes; undefined for what is no recovery phrase */
export function entropyOf(words: readonly string[]): Uint8Array | undefined {
  if (words.length !== RECOVERY_WORDS) return undefined;
  try {
    return mnemonicToEntropy(words.map((word) => word.trim().toLowerCase()).join(' '), wordlist);
  } catch {
    return undefined;
  }
}

/** Words that begin like this, for whoever types one. Four letters name each. */
export const wordsLike = (beginning: string, most = 5): readonly string[] =>
  beginning === '' ? [] : wordlist.filter((word) => word.startsWith(beginning.toLowerCase())).slice(0, most);
