/** A piece of the index: a stretch of one scope of messages, as it is kept in the vault and searched in memory. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredPieceSchema, type StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { fileFacts } from '../../domain/files.ts';
import type { Has, Term } from '../../domain/search-query.ts';
import { termsOf } from '../../domain/search-words.ts';
import { hex } from '#shared/sodium.ts';
import { Reader, Writer } from './numbers.ts';
import { Words, writeWords } from './words.ts';

/** What a message has besides words, as bits. */
export const MARKS: Readonly<Record<Has | 'names-me', number>> = { image: 1, file: 2, voice: 4, video: 8, link: 16, 'names-me': 32 };
const LINK = /\b(?:https?:\/\/|www\.)\S/i;
const LATEST = 0xffff_ffff;

export interface Piece {
  /** What stands behind this place is covered, up to `to` inclusive. */
  readonly after: number;
  readonly to: number;
  /** Ascending. */
  readonly places: Float64Array;
  /** Seconds since 1970. */
  readonly times: Uint32Array;
  readonly newest: number;
  /** Member keys in hexadecimal, and which of them wrote each. */
  readonly senders: readonly string[];
  readonly sender: Uint32Array;
  readonly marks: Uint32Array;
  readonly words: Words;
}

/** What is looked at in a message: its text, which is the caption where it is a file, and the file's name. */
export const textsOf = ({ text, file }: StoredMessage): { text: string; file: string } => {
  return { text, file: (file && fileFacts(file)?.name) ?? '' };
};

export function marksOf(message: StoredMessage, me: string): number {
  const { text } = textsOf(message);
  const kind = message.file === undefined ? undefined : kindOf(message.file);
  return (message.file === undefined ? 0 : MARKS.file) | (kind === undefined ? 0 : MARKS[kind]) | (LINK.test(text) ? MARKS.link : 0)
    | (message.mentions.some(({ member }) => member.length === 0 || hex(member) === me) ? MARKS['names-me'] : 0);
}

function kindOf(file: NonNullable<StoredMessage['file']>): Has | undefined {
  if (file.sound !== undefined) return 'voice';
  const [kind] = (fileFacts(file)?.type ?? '').split('/');
  return kind === 'image' || kind === 'video' ? kind : undefined;
}

/** Puts a piece together, message by message, in their order. */
export class PieceBuilder {
  readonly #after: number;
  readonly #found = new Map<string, number[]>();
  readonly #places: number[] = [];
  readonly #times: number[] = [];
  readonly #senders = new Map<string, number>();
  readonly #keys: Uint8Array[] = [];
  readonly #sender: number[] = [];
  readonly #marks: number[] = [];

  constructor(after: number) {
    this.#after = after;
  }

  /** @param me whose device this is. @param now milliseconds: no message is from later, whatever its sender says */
  add(place: number, message: StoredMessage, me: string, now: number): void {
    const number = this.#places.length;
    const { text, file } = textsOf(message);
    for (const term of termsOf(file === '' ? text : `${text}\n${file}`)) {
      const found = this.#found.get(term);
      if (found === undefined) this.#found.set(term, [number]);
      else found.push(number);
    }
    const sender = hex(message.sender);
    if (!this.#senders.has(sender)) {
      this.#senders.set(sender, this.#senders.size);
      this.#keys.push(message.sender);
    }
    this.#places.push(place);
    this.#times.push(Math.min(Math.floor(Math.min(Number(message.sentAtMs), now) / 1000), LATEST));
    this.#sender.push(this.#senders.get(sender) as number);
    this.#marks.push(marksOf(message, me));
  }

  get size(): number {
    return this.#places.length;
  }

  done(): Uint8Array {
    const places = new Writer();
    let before = this.#after;
    for (const place of this.#places) {
      places.number(place - before);
      before = place;
    }
    return toBinary(StoredPieceSchema, create(StoredPieceSchema, {
      after: BigInt(this.#after), places: places.done(), times: this.#times, senders: this.#keys, sender: this.#sender, marks: this.#marks, words: writeWords(this.#found),
    }));
  }
}

/** @param to where it stands. @returns undefined for what is no piece: it is made anew */
export function readPiece(to: number, bytes: Uint8Array): Piece | undefined {
  try {
    const { after, places: differences, times, senders, sender, marks, words } = fromBinary(StoredPieceSchema, bytes);
    const count = times.length;
    if (sender.length !== count || marks.length !== count || Number(after) > to) return undefined;
    const places = new Float64Array(count);
    const reader = new Reader(differences);
    let place = Number(after);
    for (let index = 0; index < count; index += 1) {
      place += reader.number();
      places[index] = place;
    }
    return {
      after: Number(after), to, places, times: Uint32Array.from(times), newest: times.reduce((latest, time) => Math.max(latest, time), 0),
      senders: senders.map(hex), sender: Uint32Array.from(sender), marks: Uint32Array.from(marks), words: new Words(words, count),
    };
  } catch {
    return undefined;
  }
}

/** @returns the messages with all of the words, as bits, 32 in each number */
export function withAll(piece: Piece, terms: readonly Term[]): Uint32Array {
  const count = piece.times.length;
  const all = new Uint32Array(Math.ceil(count / 32)).fill(0xffff_ffff);
  if (count % 32 !== 0) all[all.length - 1] = 2 ** (count % 32) - 1;
  for (const term of terms) {
    const found = new Uint32Array(all.length);
    piece.words.find(term, found);
    for (let index = 0; index < all.length; index += 1) all[index] = (all[index] as number) & (found[index] as number);
  }
  return all;
}
