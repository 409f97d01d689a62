import { describe, expect, it } from 'vitest';
import { PHRASE_BYTES, phraseOf, samePhrase } from './phrase.ts';

describe('the phrase', () => {
  it('has four words, from the first 44 bits only', () => {
    const zeros = phraseOf(new Uint8Array(PHRASE_BYTES));
    expect(zeros).toEqual(['abandon', 'abandon', 'abandon', 'abandon']);
    expect(phraseOf(new Uint8Array(PHRASE_BYTES).fill(255))).toEqual(['zoo', 'zoo', 'zoo', 'zoo']);
    expect(phraseOf(Uint8Array.of(0, 0, 0, 0, 0, 0x0f))).toEqual(zeros);
    expect(phraseOf(Uint8Array.of(0, 0, 0, 0, 0, 0x10))).toEqual(['abandon', 'abandon', 'abandon', 'ability']);
  });
  it('is the same however it is typed, and another when a word differs', () => {
    const words = ['river', 'stone', 'apple', 'zoo'];
    for (const said of ['river stone apple zoo', ' River-STONE,  apple\nzoo. ']) expect(samePhrase(words, said)).toBe(true);
    for (const said of ['', 'river stone apple', 'river stone zoo apple', 'river stone apple zoos', 'river stone apple zoo zoo']) {
      expect(samePhrase(words, said)).toBe(false);
    }
  });
});
