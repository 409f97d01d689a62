import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framed, markOf, nameBegun, retyped, trimmed, withName } from './writing.ts';

const named = (written: { text: string; mentions: readonly { start: number; length: number }[] }) => written.mentions.map(({ start, length }) => written.text.slice(start, start + length));

describe('names in what is being written', () => {
  const hello = { text: 'Ask @Samir or @Noa', mentions: [{ start: 4, length: 6, member: 's' }, { start: 14, length: 4, member: 'n' }] };

  it('move with the text before them, and go when something within them is changed', () => {
    expect(named(retyped(hello, 'Please ask @Samir or @Noa'))).toEqual(['@Samir', '@Noa']);
    expect(named(retyped(hello, 'Ask @Samir, or @Noa'))).toEqual(['@Samir', '@Noa']);
    expect(named(retyped(hello, 'Ask @Samr or @Noa'))).toEqual(['@Noa']);
    expect(named(retyped(hello, ''))).toEqual([]);
  });
  it('are what they were after whatever is typed, or are gone', () => {
    fc.assert(fc.property(fc.nat(18), fc.nat(6), fc.string({ maxLength: 6 }), (at, cut, put) => {
      for (const said of named(retyped(hello, hello.text.slice(0, at) + put + hello.text.slice(at + cut)))) expect(['@Samir', '@Noa']).toContain(said);
    }));
  });
  it('are begun with an at sign after a space, and put in whole', () => {
    const begun = nameBegun({ text: 'Ask @sa', mentions: [] }, 7);
    expect(begun).toEqual({ from: 4, typed: 'sa' });
    const put = withName({ text: 'Ask @sa', mentions: [] }, 4, 7, 'Samir', 's');
    expect(put).toMatchObject({ text: 'Ask @Samir ', caret: 11 });
    expect(named(put)).toEqual(['@Samir']);
    expect(nameBegun(put, 9)).toBeUndefined();
    expect(nameBegun({ text: 'rosa@exam', mentions: [] }, 9)).toBeUndefined();
  });
  it('stay in place when the text is trimmed for sending', () => {
    expect(named(trimmed({ text: '  \n@Noa come ', mentions: [{ start: 3, length: 4, member: 'n' }] }))).toEqual(['@Noa']);
  });
});

describe('marks by key', () => {
  const key = { ctrlKey: true, metaKey: false, altKey: false, shiftKey: false };
  it('go around what is selected, and away again', () => {
    expect(markOf({ ...key, code: 'KeyB' })).toBe('**');
    expect(markOf({ ...key, code: 'KeyB', shiftKey: true })).toBeUndefined();
    expect(framed('so good', 3, 7, '**')).toEqual({ from: 3, to: 7, put: '**good**', select: [5, 9] });
    expect(framed('so **good**', 5, 9, '**')).toEqual({ from: 3, to: 11, put: 'good', select: [3, 7] });
  });
});
