/** A text with light marks to blocks of lines. Linear in the length of the text, however hostile; see docs/protocol/content.md. */
import { inline } from './inline.ts';
import type { Block, Line, Named, Span } from './nodes.ts';

/** Longer ones are shown as they are. The content format allows no more. */
const MOST_CHARACTERS = 16_000;
const MOST_MENTIONS = 200;
/** Quotes within quotes. Further signs stay text. */
const DEEPEST = 3;

/** Never throws. @returns blocks in order; the text of plain lines is what was sent, sign for sign */
export function marked(text: string, mentions: readonly Named[] = []): readonly Block[] {
  if (text.length > MOST_CHARACTERS) return [{ kind: 'lines', lines: text.split('\n').map((line) => [{ kind: 'text', text: line }]) }];
  return new Blocks(text, usable(text, mentions)).of(linesOf(text), 0);
}

/** Mentions that stand in the text, in order, none over another. */
function usable(text: string, mentions: readonly Named[]): readonly Named[] {
  let end = 0;
  return mentions.slice(0, MOST_MENTIONS).toSorted((a, b) => a.start - b.start).filter(({ start, length }) => {
    const whole = Number.isInteger(start) && Number.isInteger(length) && start >= end && length > 0 && start + length <= text.length;
    const fits = whole && !text.slice(start, start + length).includes('\n') && !isLow(text, start) && !isLow(text, start + length);
    if (fits) end = start + length;
    return fits;
  });
}
/** In the midst of a sign of two units. */
const isLow = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text.charAt(at));

function linesOf(text: string): readonly Span[] {
  const lines: Span[] = [];
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    lines.push({ from, to });
    from = to + 1;
  }
  return lines;
}

const FENCE = /^```[\w+#.-]{0,20}\s*$/u;
const DOT = /^\s{0,8}[-*•]\s+(?=\S)/u;
const NUMBER = /^\s{0,8}(\d{1,4})[.)]\s+(?=\S)/u;
const QUOTE = /^> ?/u;
/** As much of a line as its first signs need. */
const HEAD = 64;

class Blocks {
  readonly #text: string;
  readonly #named: readonly Named[];
  #nextNamed = 0;

  constructor(text: string, named: readonly Named[]) {
    this.#text = text;
    this.#named = named;
  }

  of(lines: readonly Span[], depth: number): readonly Block[] {
    const blocks: Block[] = [];
    let plain: Line[] = [];
    const settle = (): void => {
      if (plain.length > 0) blocks.push({ kind: 'lines', lines: plain });
      plain = [];
    };
    const fences = lines.flatMap((line, index) => (this.#isFence(line) ? [index] : []));
    for (let at = 0; at < lines.length; ) {
      const block = this.#code(lines, at, fences) ?? this.#quote(lines, at, depth) ?? this.#list(lines, at);
      if (block) {
        settle();
        blocks.push(block.block);
        at = block.next;
      } else {
        plain.push(this.#line(lines[at] as Span));
        at += 1;
      }
    }
    settle();
    return blocks;
  }

  #head({ from, to }: Span): string {
    return this.#text.slice(from, Math.min(to, from + HEAD));
  }
  #isFence(line: Span): boolean {
    return line.to - line.from < HEAD && FENCE.test(this.#head(line));
  }
  #line(span: Span): Line {
    while ((this.#named[this.#nextNamed]?.start ?? Infinity) < span.from) this.#nextNamed += 1;
    const first = this.#nextNamed;
    while ((this.#named[this.#nextNamed]?.start ?? Infinity) < span.to) this.#nextNamed += 1;
    return inline(this.#text, span, this.#named.slice(first, this.#nextNamed));
  }

  #code(lines: readonly Span[], at: number, fences: number[]): { block: Block; next: number } | undefined {
    while ((fences[0] ?? Infinity) < at) fences.shift();
    const [opening, closing] = fences;
    if (opening !== at || closing === undefined) return undefined;
    const inside = lines.slice(at + 1, closing).map(({ from, to }) => this.#text.slice(from, to));
    return { block: { kind: 'code', text: inside.join('\n') }, next: closing + 1 };
  }

  #quote(lines: readonly Span[], at: number, depth: number): { block: Block; next: number } | undefined {
    if (depth >= DEEPEST) return undefined;
    const inside: Span[] = [];
    let next = at;
    for (; next < lines.length; next += 1) {
      const line = lines[next] as Span;
      const sign = QUOTE.exec(this.#head(line))?.[0];
      if (sign === undefined) break;
      inside.push({ from: line.from + sign.length, to: line.to });
    }
    return next === at ? undefined : { block: { kind: 'quote', inside: this.of(inside, depth + 1) }, next };
  }

  #list(lines: readonly Span[], at: number): { block: Block; next: number } | undefined {
    const sign = NUMBER.test(this.#head(lines[at] as Span)) ? NUMBER : DOT;
    const items: Line[] = [];
    let from: number | undefined;
    let next = at;
    for (; next < lines.length; next += 1) {
      const line = lines[next] as Span;
      const found = sign.exec(this.#head(line));
      if (!found) break;
      if (next === at && found[1] !== undefined) from = Number(found[1]);
      items.push(this.#line({ from: line.from + found[0].length, to: line.to }));
    }
    return next === at ? undefined : { block: { kind: 'list', from, items }, next };
  }
}
