import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmptySearch, LONGEST_SEARCH, parseSearch, SEARCH_OPERATORS } from './search-query.ts';

const words = (typed: string) => parseSearch(typed).terms.map(({ text, whole }) => (whole ? `=${text}` : text));
const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime();

describe('what is typed into the search field', () => {
  it.each([
    ['Rent  STRIKE', ['rent', 'strike']],
    ['rent rent', ['rent']],
    ['"rent"', ['=rent']],
    ['café', ['cafe']],
    ['http://x.org 12:30 foo:bar', ['http', 'x', 'org', '12', '30', 'foo', 'bar']],
    ['צה"ל', ['צה', 'ל']],
    ['北京', ['北京']],
    ['', []],
    ['"', []],
    ['from:', []],
  ])('%s: words', (typed, found) => expect(words(typed)).toEqual(found));

  it.each(['"we meet at" six', '“we meet at” six', '«we meet at» six', '„we meet at” six', 'six "we meet at'])('knows a phrase by its quotes: %s', (typed) => {
    expect(parseSearch(typed).phrases).toEqual([['we', 'meet', 'at']]);
    expect(words(typed).toSorted()).toEqual(['=at', '=meet', '=we', 'six']);
  });
  it('takes a longer run of signs for a phrase, and looks for its parts', () => {
    expect(parseSearch('北京大学')).toMatchObject({ phrases: [['北', '京', '大', '学']], terms: [{ text: '北京大' }, { text: '京大学' }] });
  });

  it('understands filters, in any case', () => {
    expect(parseSearch('From:rosa from:"Rosa Luz" in:kitchen HAS:Image has:link is:pinned mentions:me soup')).toMatchObject({
      from: ['rosa', 'Rosa Luz'], in: ['kitchen'], has: ['image', 'link'], is: ['pinned'], mentionsMe: true, terms: [{ text: 'soup' }], unclear: [],
    });
  });
  it.each([
    ['before:2026-03-10', undefined, day(2026, 3, 10)],
    ['after:2026-03-10', day(2026, 3, 11), undefined],
    ['on:2026-03-10', day(2026, 3, 10), day(2026, 3, 11)],
    ['on:2026-3', day(2026, 3, 1), day(2026, 4, 1)],
    ['on:2026', day(2026, 1, 1), day(2027, 1, 1)],
    ['after:2026-12', day(2027, 1, 1), undefined],
    ['after:2026-01-01 before:2026-02-01 after:2025-01-01', day(2026, 1, 2), day(2026, 2, 1)],
  ])('counts days by this device: %s', (typed, since, until) => expect(parseSearch(typed)).toMatchObject({ since, until, unclear: [] }));
  it.each(['on:2026-02-30', 'before:yesterday', 'after:2026-13', 'has:soup', 'is:open', 'mentions:rosa', 'on:0000-00-00'])('says what makes no sense: %s', (typed) => {
    expect(parseSearch(typed)).toMatchObject({ unclear: [typed], terms: [] });
  });

  it('of nothing finds nothing', () => {
    expect(['', '  ', 'from:', '!?'].map((typed) => isEmptySearch(parseSearch(typed)))).toEqual([true, true, true, true]);
    expect(isEmptySearch(parseSearch('is:mine'))).toBe(false);
  });
  it('bears anything, however long', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...SEARCH_OPERATORS.map((name) => `${name}:`), '"', ' ', ':', '“'));
    fc.assert(fc.property(fc.array(piece), (pieces) => {
      const { terms, phrases } = parseSearch(pieces.join(''));
      expect(terms.length).toBeLessThanOrEqual(24);
      expect(terms.every(({ text }) => text !== '')).toBe(true);
      expect(phrases.flat().join('').length).toBeLessThanOrEqual(LONGEST_SEARCH * 20);
    }));
  });
});
