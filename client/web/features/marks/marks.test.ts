import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person } from '#core/session/api.ts';
import { marked } from './blocks.ts';
import { doubtAbout, placeOf } from './links.ts';
import type { Block, Inline, Line } from './nodes.ts';

const rosa: Person = { id: 'aa', name: 'Rosa', fingerprint: 'aaaa aaaa', ambiguous: false, isMe: false };

/** Nodes in short: `<b>` for bold and so on, for reading only. */
const short = (text: string, ...mentions: Parameters<typeof marked>[1] & object): string => blocks(marked(text, mentions));
const blocks = (all: readonly Block[]): string => all.map(block).join('|');
const lines = (all: readonly Line[]): string => all.map(line).join('/');
const line = (all: readonly Inline[]): string => all.map(node).join('');
function block(given: Block): string {
  switch (given.kind) {
    case 'lines': return lines(given.lines);
    case 'code': return `pre{${given.text}}`;
    case 'quote': return `quote{${blocks(given.inside)}}`;
    case 'list': return `${given.from ?? '-'}{${lines(given.items)}}`;
  }
}
function node(given: Inline): string {
  switch (given.kind) {
    case 'text': return given.text;
    case 'bold': return `b{${line(given.inside)}}`;
    case 'italic': return `i{${line(given.inside)}}`;
    case 'code': return `code{${given.text}}`;
    case 'link': return given.text === given.target ? `a{${given.text}}` : `a{${given.text} → ${given.target}}`;
    case 'mention': return `@{${given.person?.name ?? 'all'}}`;
  }
}
const links = (text: string): readonly string[] => linksIn(marked(text)).map(({ text: seen }) => seen);
function linksIn(all: readonly Block[]): readonly { text: string; target: string }[] {
  const inLine = (nodes: readonly Inline[]): readonly { text: string; target: string }[] =>
    nodes.flatMap((given) => (given.kind === 'link' ? [given] : 'inside' in given ? inLine(given.inside) : []));
  return all.flatMap((given) => (given.kind === 'lines' ? given.lines.flatMap(inLine) : given.kind === 'list' ? given.items.flatMap(inLine) : given.kind === 'quote' ? linksIn(given.inside) : []));
}

describe('light marks', () => {
  it.each([
    ['**Thursday** at *seven*', 'b{Thursday} at i{seven}'],
    ['_quietly_, please', 'i{quietly}, please'],
    ['**all *of* it**', 'b{all i{of} it}'],
    ['run `npm start` **now**', 'run code{npm start} b{now}'],
    ['`**not bold**`', 'code{**not bold**}'],
    ['这是**重点**吗', '这是b{重点}吗'],
    ['(*so*)', '(i{so})'],
  ])('%s', (text, seen) => expect(short(text)).toBe(seen));

  it.each(['2*3*4 = 24', 'snake_case_name', 'so *not closed', '**', '****', 'a ** b ** c', '*over\nthe line*', 'five * six * seven', '``', '` alone', '_', '__init__'])(
    'leaves what only looks like marks: %s', (text) => expect(short(text)).toBe(text.replace('\n', '/')));

  it('what crosses is closed where it can be', () => expect(short('**one *two** three*')).toBe('b{one *two} three*'));

  it('quotes, lists and code stand in blocks', () => {
    expect(short('> she said\n> > he said\nno')).toBe('quote{she said|quote{he said}}|no');
    expect(short('Bring:\n- tape\n- **paper**\n• pens\n3. then\n4. this')).toBe('Bring:|-{tape/b{paper}/pens}|3{then/this}');
    expect(short('```js\nlet a = "**b**";\n\n> c\n```\nafter')).toBe('pre{let a = "**b**";\n\n> c}|after');
    expect(short('```\nnever closed **b**')).toBe('```/never closed b{b}');
  });
  it('a line by itself is no list and no quote without words', () => {
    expect(short('- ')).toBe('- ');
    expect(short('-5 degrees')).toBe('-5 degrees');
    expect(short('2026. That was the year')).toBe('2026{That was the year}');
  });

  it('names show who is meant, and never what the sender wrote there', () => {
    expect(short('Ask @Bob now', { start: 4, length: 4, person: rosa })).toBe('Ask @{Rosa} now');
    expect(short('**@all**: come', { start: 2, length: 4, person: undefined })).toBe('b{@{all}}: come');
    expect(short('> hi @Rosa', { start: 5, length: 5, person: rosa })).toBe('quote{hi @{Rosa}}');
  });
  it('names out of the text, over one another, over lines or within a sign are no names', () => {
    const at = (start: number, length: number) => ({ start, length, person: rosa });
    for (const bad of [at(-1, 3), at(0, 0), at(3, 99), at(0.5, 1), at(2, 3), at(NaN, 1), at(7, 1)]) expect(short('abc\nde 👍', bad)).toBe('abc/de 👍');
    expect(short('@a@b', at(0, 2), at(1, 3))).toBe('@{Rosa}@b');
  });
});

describe('links', () => {
  it('finds plain addresses and leaves every sign in its place', () => {
    expect(short('See https://example.org/a?b=c#d and http://localhost:8080/x, please.')).toBe('See a{https://example.org/a?b=c#d} and a{http://localhost:8080/x}, please.');
    expect(short('[the form](https://example.org/form), or mailto:rosa@example.org')).toBe('a{the form → https://example.org/form}, or a{mailto:rosa@example.org}');
  });
  it.each([
    ['at the end of a sentence: https://example.org.', 'https://example.org'],
    ['(https://example.org/page)', 'https://example.org/page'],
    ['https://en.example.org/Thicket_(plants) grows', 'https://en.example.org/Thicket_(plants)'],
    ['اقرأ https://example.org/ar، شكرا', 'https://example.org/ar'],
    ['看 https://example.org/zh。', 'https://example.org/zh'],
    ['«https://example.org»', 'https://example.org'],
    ['**https://example.org**', 'https://example.org'],
    ['https://example.org/\u202egpj.exe', 'https://example.org/'],
    ['<a href="https://example.org/x" onclick="y">', 'https://example.org/x'],
  ])('takes the address without what is around it: %s', (text, link) => expect(links(text)).toEqual([link]));

  it.each([
    'javascript:alert(1)', '[x](javascript:alert(1))', '[x](data:text/html,<b>)', '[x](/v1/log)', '[x](//evil.example)', '[x](ftp://evil.example)', '[x](javascript://evil.example/%0aalert)',
    'data:text/html,<script>alert(1)</script>', 'https://bank.example@evil.example/login', 'https://', 'xhttps://example.org', 'mailto:a@b?cc=c@d', 'blob:x',
  ])('leaves alone what is not plain: %s', (text) => {
    expect(links(text)).toEqual([]);
    expect(short(text)).toBe(text);
  });

  it.each([
    ['the form', 'https://example.org/', undefined],
    ['https://example.org', 'https://example.org/', undefined],
    ['example.org/form', 'https://www.example.org/other', undefined],
    ['bank.example', 'https://evil.example/bank.example', 'other-place'],
    ['https://bank.example/login', 'https://bank.example.evil.test/', 'other-place'],
    ['see bank.example', 'https://evil.example/', 'other-place'],
    ['bank\u200b.example', 'https://evil.example/', 'other-place'],
    ['bank。example', 'https://evil.example/', 'other-place'],
    ['10.0.0.1', 'https://evil.example/', 'other-place'],
    ['rosa@example.org', 'mailto:samir@example.org', 'other-place'],
    ['rosa@example.org', 'mailto:rosa@example.org', undefined],
    ['https://аpple.example', 'https://xn--pple-43d.example/', 'foreign-letters'],
    ['here', 'https://xn--pple-43d.example/', 'foreign-letters'],
  ] as const)('%s to %s: %s', (text, target, doubt) => expect(doubtAbout(text, target)).toBe(doubt));

  it('tells the place in letters that cannot pose as others', () => {
    expect(placeOf(new URL('https://аpple.example/x').href)).toBe('xn--pple-43d.example');
    expect(placeOf('mailto:rosa@example.org')).toBe('rosa@example.org');
  });
});

describe('hostile text', () => {
  const scraps = ['**', '*', '_', '`', '```', '\n', '> ', '> > > > ', '- ', '1. ', '[', '](', ')', 'https://', 'http://a@', 'mailto:', 'x', ' ', '<script>', '\u202e', '👍', 'é', '@'];
  const text = fc.array(fc.constantFrom(...scraps), { maxLength: 200 }).map((parts) => parts.join(''));
  const names = fc.array(fc.record({ start: fc.integer({ min: -3, max: 120 }), length: fc.integer({ min: -2, max: 9 }), person: fc.constantFrom(rosa, undefined) }), { maxLength: 8 });
  const depth = (all: readonly Block[]): number =>
    Math.max(0, ...all.map((given) => 1 + (given.kind === 'quote' ? depth(given.inside) : given.kind === 'lines' ? Math.max(0, ...given.lines.map(deep)) : 0)));
  const deep = (nodes: Line): number => Math.max(0, ...nodes.map((given) => 1 + ('inside' in given ? deep(given.inside) : 0)));

  it('always ends, goes no deeper than eight, and links only to what may be opened', () => {
    fc.assert(fc.property(text, names, (given, mentions) => {
      const seen = marked(given, mentions);
      expect(depth(seen)).toBeLessThanOrEqual(8);
      for (const { target } of linksIn(seen)) expect(['http:', 'https:', 'mailto:']).toContain(new URL(target).protocol);
    }), { numRuns: 1_000 });
  });
  it('loses no letter', () => {
    const letters = (words: string): string => words.replace(/[^é👍]/gu, '');
    fc.assert(fc.property(text.filter((given) => !given.includes('](')), (given) => {
      expect(letters(blocks(marked(given)).replace(/ → [^\s}]+\}/gu, '}'))).toBe(letters(given));
    }), { numRuns: 1_000 });
  });

  it('text without any sign comes out as it went in', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '\n', 'é', '👍', '<', '&', '"') }), (given) => {
      expect(marked(given).map((given) => (given.kind === 'lines' ? given.lines.map((nodes) => nodes.map((each) => (each.kind === 'text' ? each.text : '?')).join('')).join('\n') : '?')).join('|')).toBe(given);
    }));
  });

  it.each(['**', '*a', '_', '`', '[', '[a](', '](', 'http://a@', 'https://x.', '> ', '- ', '*_', '**a *b _c ', '\n```\n', 'https://a)', '()', '@'])(
    'takes no longer for twice as much of %j than a person notices', (scrap) => {
      const most = scrap.repeat(Math.ceil(16_000 / scrap.length)).slice(0, 16_000);
      const start = performance.now();
      marked(most, Array.from({ length: 1_000 }, (_, index) => ({ start: index, length: 1, person: rosa })));
      // A few milliseconds on an idle machine; what grows with the square takes seconds.
      expect(performance.now() - start).toBeLessThan(1_000);
    });
  it('what is longer than a message may be is shown as it is', () => expect(short('**x** '.repeat(4_000))).toBe('**x** '.repeat(4_000)));
});
