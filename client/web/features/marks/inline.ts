/** One line of a text to nodes: bold, italic, code, links, mentions. Linear: every step moves on, and what is looked for ahead is looked for within bounds. */
import { addressAt } from './links.ts';
import type { Inline, Link, Named, Span } from './nodes.ts';

/** Marks within marks. What is deeper stays text. */
const DEEPEST = 4;

interface Open {
  readonly mark: '**' | '*' | '_';
  readonly nodes: Inline[];
}

/** `named`: mentions within the span, in order and without overlap. */
export function inline(text: string, span: Span, named: readonly Named[]): readonly Inline[] {
  return new Reader(text, span, named).read();
}

class Reader {
  readonly #text: string;
  readonly #to: number;
  readonly #named: readonly Named[];
  #at: number;
  #nextNamed = 0;
  /** The text that is gathered and not yet a node. */
  #since: number;
  readonly #stack: Open[] = [];
  readonly #top: Inline[] = [];
  /** No backtick from here on. */
  #noCode = false;

  constructor(text: string, { from, to }: Span, named: readonly Named[]) {
    this.#text = text;
    this.#to = to;
    this.#named = named;
    this.#at = this.#since = from;
  }

  read(): readonly Inline[] {
    while (this.#at < this.#to) if (!this.#mention() && !this.#special()) this.#at += 1;
    this.#flush();
    // What was opened and never closed is text.
    while (this.#stack.length > 0) this.#unopen();
    return this.#top;
  }

  get #nodes(): Inline[] {
    return this.#stack.at(-1)?.nodes ?? this.#top;
  }
  #flush(): void {
    if (this.#at > this.#since) this.#put({ kind: 'text', text: this.#text.slice(this.#since, this.#at) });
    this.#since = this.#at;
  }
  #put(node: Inline): void {
    const nodes = this.#nodes;
    const last = nodes.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') nodes[nodes.length - 1] = { kind: 'text', text: last.text + node.text };
    else nodes.push(node);
  }
  /** Puts a node for the text up to `end`. */
  #take(node: Inline, end: number): true {
    this.#flush();
    this.#put(node);
    this.#at = this.#since = end;
    return true;
  }

  #mention(): boolean {
    // A mark may have jumped over one: then it is part of that.
    while ((this.#named[this.#nextNamed]?.start ?? Infinity) < this.#at) this.#nextNamed += 1;
    const next = this.#named[this.#nextNamed];
    if (next?.start !== this.#at) return false;
    this.#nextNamed += 1;
    return this.#take({ kind: 'mention', person: next.person }, next.start + next.length);
  }

  #special(): boolean {
    switch (this.#text.charAt(this.#at)) {
      case '`':
        return this.#code();
      case '[':
        return this.#link();
      case '*':
      case '_':
        return this.#mark();
      case 'h':
      case 'H':
      case 'm':
      case 'M':
        return this.#address();
      default:
        return false;
    }
  }

  #code(): boolean {
    if (this.#noCode) return false;
    const end = this.#text.indexOf('`', this.#at + 1);
    if (end < 0 || end >= this.#to) {
      this.#noCode = true;
      return false;
    }
    return end > this.#at + 1 && this.#take({ kind: 'code', text: this.#text.slice(this.#at + 1, end) }, end + 1);
  }

  #link(): boolean {
    const found = linkAt(this.#text, this.#at, this.#to);
    return found !== undefined && this.#take(found.link, found.end);
  }

  #address(): boolean {
    if (isWord(this.#before())) return false;
    const address = addressAt(this.#text, this.#at, this.#to);
    if (address === undefined) return false;
    const end = this.#at + address.text.length;
    return this.#take(address.target === undefined ? { kind: 'text', text: address.text } : { kind: 'link', text: address.text, target: address.target }, end);
  }

  #before(): string {
    return this.#text.charAt(this.#at - 1);
  }

  #mark(): boolean {
    const sign = this.#text.charAt(this.#at) as '*' | '_';
    const mark = sign === '*' && this.#text.charAt(this.#at + 1) === '*' && this.#at + 1 < this.#to ? '**' : sign;
    const before = this.#before();
    const after = this.#at + mark.length < this.#to ? this.#text.charAt(this.#at + mark.length) : '';
    const within = mark !== '**' && isWord(before) && isWord(after);
    const place = this.#stack.findLastIndex((open) => open.mark === mark);
    if (place >= 0 && !isSpace(before) && !within && !(mark !== '**' && isWord(after))) return this.#close(place, mark);
    const opens = after !== '' && !isSpace(after) && after !== sign && !(sign === '_' && before === '_') && !within && !(mark !== '**' && isWord(before));
    if (opens && place < 0 && this.#stack.length < DEEPEST) return this.#open(mark);
    this.#at += mark.length;
    return true;
  }
  #open(mark: Open['mark']): true {
    this.#flush();
    this.#stack.push({ mark, nodes: [] });
    this.#at += mark.length;
    this.#since = this.#at;
    return true;
  }
  #close(place: number, mark: Open['mark']): boolean {
    this.#flush();
    if (this.#stack[place]?.nodes.length === 0 && place === this.#stack.length - 1) {
      this.#at += mark.length;
      return true;
    }
    while (this.#stack.length > place + 1) this.#unopen();
    const inside = this.#stack.pop()?.nodes ?? [];
    this.#put({ kind: mark === '**' ? 'bold' : 'italic', inside });
    this.#at += mark.length;
    this.#since = this.#at;
    return true;
  }
  /** The innermost mark was none: its sign is text, and what came after it stands where it stood. */
  #unopen(): void {
    const open = this.#stack.pop();
    if (!open) return;
    this.#put({ kind: 'text', text: open.mark });
    for (const node of open.nodes) this.#put(node);
  }
}

const MOST_LABEL = 200;
/** `[words](address)` */
function linkAt(text: string, at: number, to: number): { readonly link: Link; readonly end: number } | undefined {
  const labelEnd = text.slice(at + 1, Math.min(to, at + 2 + MOST_LABEL)).search(/[[\]]/u) + at + 1;
  if (labelEnd <= at + 1 || text.charAt(labelEnd) !== ']' || text.charAt(labelEnd + 1) !== '(') return undefined;
  const label = text.slice(at + 1, labelEnd);
  const address = addressAt(text, labelEnd + 2, to);
  if (address?.target === undefined || label.trim() === '') return undefined;
  const end = labelEnd + 2 + address.text.length;
  if (end >= to || text.charAt(end) !== ')') return undefined;
  return { link: { kind: 'link', text: label, target: address.target }, end: end + 1 };
}

const isSpace = (sign: string): boolean => sign === '' || /\s/u.test(sign);
/** A letter or digit of a script that parts its words: `snake_case` and 2*3*4 hold no marks. */
const isWord = (sign: string): boolean =>
  /[\p{L}\p{N}]/u.test(sign) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(sign);
