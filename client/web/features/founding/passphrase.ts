/** How good a passphrase is, roughly, and a way to a good one. The engine has the last word on `weak-passphrase`. */
export type Strength = 'short' | 'fair' | 'good';

const SUGGESTED_WORDS = 6;

export function strengthOf(passphrase: string): Strength {
  const trimmed = passphrase.trim();
  const words = trimmed.split(/[\s-]+/).filter((word) => word.length >= 3).length;
  const different = new Set(trimmed).size;
  if (trimmed.length < 12 && words < 4) return 'short';
  if (different < 5) return 'short';
  return words >= 5 || (trimmed.length >= 18 && different >= 10) ? 'good' : 'fair';
}

/** Six of 2,048 words: 66 bits. The list is a power of two, so masking picks evenly. */
export async function suggestPassphrase(): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  const picks = crypto.getRandomValues(new Uint16Array(SUGGESTED_WORDS));
  return Array.from(picks, (pick) => wordlist[pick & 2047]).join(' ');
}
