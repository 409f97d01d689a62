import { expect, it } from 'vitest';
import { entropyOf, recoveryPhrase, wordsIn, wordsLike } from './recovery-phrase.ts';

const entropy = Uint8Array.from({ length: 16 }, (_, index) => index * 7);

it('is twelve words that say what they were made of', () => {
  const words = recoveryPhrase(entropy);
  expect(words).toHaveLength(12);
  expect(entropyOf(words)).toEqual(entropy);
  expect(entropyOf(wordsIn(words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('\n')))).toEqual(entropy);
});

it('is not a phrase with a word mistyped, missing or in another place', () => {
  const words = [...recoveryPhrase(entropy)];
  expect(entropyOf(words.slice(1))).toBeUndefined();
  expect(entropyOf(['thicket', ...words.slice(1)])).toBeUndefined();
  expect(entropyOf([words[1] as string, words[0] as string, ...words.slice(2)])).toBeUndefined();
});

it('helps with a word that was begun', () => {
  expect(wordsLike('zo')).toEqual(['zone', 'zoo']);
  expect(wordsLike('')).toEqual([]);
});
