/**
 * The words of one piece of the index, each with the messages it is in, in a form that is kept and searched as it is: sorted
 * by their bytes, each as what it shares with the one before and the rest, whole again every so many.
 */
import type { Term } from '../../domain/search-query.ts';
import { utf8 } from '#shared/sodium.ts';
import { Reader, Writer } from './numbers.ts';

/** Words from one whole word to the next. */
const STRIDE = 16;
const SURROGATE = /[\ud800-\udfff]/;

/** @param found messages by word, as their numbers in the piece, ascending */
export function writeWords(found: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const out = new Writer();
  const messages = new Writer();
  let before: Uint8Array = new Uint8Array(0);
  for (const [index, word] of inOrder([...found.keys()]).entries()) {
    const bytes = utf8(word);
    const shared = index % STRIDE === 0 ? 0 : sharedLength(before, bytes);
    out.number(shared);
    out.number(bytes.length - shared);
    out.bytes(bytes.subarray(shared));
    messages.clear();
    let last = -1;
    for (const message of found.get(word) ?? []) {
      messages.number(message - last - 1);
      last = message;
    }
    out.number(messages.length);
    out.bytes(messages.view());
    before = bytes;
  }
  return out.done();
}

/** The order of UTF-8. That of JavaScript's strings is another where one of two needs surrogates. */
function inOrder(words: string[]): string[] {
  if (!words.some((word) => SURROGATE.test(word))) return words.sort();
  return words.map((word) => ({ word, bytes: utf8(word) })).sort((a, b) => compared(a.bytes, b.bytes)).map(({ word }) => word);
}

export class Words {
  readonly #bytes: Uint8Array;
  /** Where each whole word stands. */
  readonly #heads: Uint32Array;
  readonly #messages: number;

  /** @throws RangeError for bytes that writeWords() did not make */
  constructor(bytes: Uint8Array, messages: number) {
    this.#bytes = bytes;
    this.#messages = messages;
    this.#heads = headsIn(bytes);
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** Adds the messages in which the word is to a set of bits, 32 in each number. */
  find({ text, whole }: Term, into: Uint32Array): void {
    const wanted = utf8(text);
    const reader = new Reader(this.#bytes, this.#heads[this.#headBefore(wanted)] ?? this.#bytes.length);
    // How much of what is looked for the word at hand begins with: words share their beginnings with the one before.
    let alike = 0;
    while (!reader.ended) {
      const shared = reader.number();
      const length = reader.number();
      const at = reader.skip(length);
      const end = reader.number() + reader.at;
      const order = shared > alike ? -1 : this.#comparedAt(wanted, shared, at, length);
      if (shared <= alike) alike = shared + this.#alikeAt(wanted, shared, at, length);
      if (order > 0 && alike < wanted.length) return;
      if (alike === wanted.length && (!whole || shared + length === wanted.length)) this.#add(reader, end, into);
      else if (alike === wanted.length && whole) return;
      reader.at = end;
    }
  }

  /** The last whole word that is not behind what is looked for. */
  #headBefore(wanted: Uint8Array): number {
    let [low, high] = [0, this.#heads.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const reader = new Reader(this.#bytes, this.#heads[middle]);
      reader.number();
      const length = reader.number();
      if (this.#comparedAt(wanted, 0, reader.at, length) > 0) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /** Bytes alike in what is looked for from `from` on and in the word's own part. */
  #alikeAt(wanted: Uint8Array, from: number, at: number, length: number): number {
    let alike = 0;
    while (alike < length && from + alike < wanted.length && this.#bytes[at + alike] === wanted[from + alike]) alike += 1;
    return alike;
  }
  /** Below 0 where the word stands before what is looked for, above where behind; its first `from` bytes are alike. */
  #comparedAt(wanted: Uint8Array, from: number, at: number, length: number): number {
    const alike = this.#alikeAt(wanted, from, at, length);
    if (from + alike === wanted.length) return length - alike;
    return alike === length ? -1 : (this.#bytes[at + alike] as number) - (wanted[from + alike] as number);
  }

  #add(reader: Reader, end: number, into: Uint32Array): void {
    let message = -1;
    while (reader.at < end) {
      message += reader.number() + 1;
      if (message < this.#messages) into[message >> 5] = (into[message >> 5] as number) | (1 << (message & 31));
    }
  }
}

function headsIn(bytes: Uint8Array): Uint32Array {
  const heads: number[] = [];
  const reader = new Reader(bytes);
  for (let index = 0; !reader.ended; index += 1) {
    const at = reader.at;
    const shared = reader.number();
    if (index % STRIDE === 0) heads.push(at);
    if (index % STRIDE === 0 && shared > 0) throw new RangeError('no whole word where one stands');
    reader.skip(reader.number());
    reader.skip(reader.number());
  }
  return Uint32Array.from(heads);
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  return shared;
}
function compared(a: Uint8Array, b: Uint8Array): number {
  const shared = sharedLength(a, b);
  return shared === a.length || shared === b.length ? a.length - b.length : (a[shared] as number) - (b[shared] as number);
}
