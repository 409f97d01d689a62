import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, sourceLength, termsOf, wordsOf } from './search-words.ts';

const texts = (text: string) => wordsOf(text).map((word) => word.text);

describe('folding', () => {
  it.each([
    ['Spanish accents and case', 'Reunión de MAÑANA', 'reunion de manana'],
    ['Arabic points', 'السَّلامُ عَلَيْكُم', 'السلام عليكم'],
    ['forms of alef', 'أحمد إلى آخر ٱلدار', 'احمد الي اخر الدار'],
    ['ya and alef maqsura, ta marbuta and ha', 'على مدرسة', 'علي مدرسه'],
    ['stretched Arabic words', 'مرحبـــا', 'مرحبا'],
    ['Persian letters', 'کتاب فارسی', 'كتاب فارسي'],
    ['Hebrew points and last letters', 'שָׁלוֹם', 'שלומ'],
    ['letters that decompose into none', 'Łódź, Straße, Ørsted, cœur', 'lodz, strasse, orsted, coeur'],
    ['a Turkish capital', 'İstanbul Iğdır', 'istanbul igdir'],
    ['the last sigma', 'ΟΔΟΣ', 'οδοσ'],
    ['full width', 'ＡＢＣ１２', 'abc12'],
  ])('makes %s alike', (_, written, folded) => expect(fold(written)).toBe(folded));

  it('keeps the vowels of Indic scripts, which are marks too', () => expect(fold('हिन्दी')).not.toBe(fold('हन्द')));
  it('is the same a second time', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(fold(fold(text))).toBe(fold(text));
    }));
  });
});

describe('the words of a text', () => {
  it.each([
    ['plain ones', "We'll meet at 6:30, OK?", ['we', 'll', 'meet', 'at', '6', '30', 'ok']],
    ['file names', 'rent_strike-2026.PDF', ['rent', 'strike', '2026', 'pdf']],
    ['links', 'see https://Example.org/a', ['see', 'https', 'example', 'org', 'a']],
    ['Chinese signs one by one', '我们开会 ok', ['我', '们', '开', '会', 'ok']],
    ['Thai words', 'ภาษาไทย', ['ภาษา', 'ไทย']],
    ['Hebrew abbreviations', 'צה״ל', ['צה', 'ל']],
    ['emoji', 'yes🎉no', ['yes', '🎉', 'no']],
    ['light marks', '*bold* and _thin_', ['bold', 'and', 'thin']],
  ])('are split: %s', (_, text, words) => expect(texts(text)).toEqual(words));

  it('stand where they say', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      let end = 0;
      for (const word of wordsOf(text)) {
        expect(word.start).toBeGreaterThanOrEqual(end);
        expect(word.text).not.toBe('');
        expect(fold(text.slice(word.start, word.end)).startsWith(word.text)).toBe(true);
        end = word.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }));
  });
  it('are found under what they are, signs under every run that begins with them', () => {
    expect([...termsOf('北京大学 Uni')]).toEqual(['北京大', '京大学', '大学', '学', 'uni']);
  });
  it('are found without what Arabic and Hebrew write as one with them', () => {
    expect([...termsOf('الاجتماع والمدرسة הפגישה של אל')]).toEqual(['الاجتماع', 'اجتماع', 'والمدرسه', 'مدرسه', 'הפגישה', 'פגישה', 'של', 'אל']);
  });
  it('are cut where they are endless, and never within a character', () => {
    const [word] = wordsOf('𝒳'.repeat(100) + 'é'.repeat(100));
    expect(word?.text.length).toBeLessThanOrEqual(48);
    expect(word?.text).toBe('𝒳'.normalize('NFKD').toLowerCase().repeat(24));
    expect(texts('a'.repeat(100))).toEqual(['a'.repeat(48)]);
  });
});

describe('how much of the source a beginning stands for', () => {
  it.each([['Reunión', 5, 5], ['Reunio\u0301n', 6, 7], ['שָׁלוֹם', 2, 4], ['straße', 6, 5], ['İst', 2, 2]])('%s, %i', (source, length, units) => expect(sourceLength(source, length)).toBe(units));
});
