/**
 * A stream of entries, sealed in pieces, written and read without holding it whole. docs/protocol/backup.md.
 *
 *   plain  = (length (4 bytes, big endian) || Entry)*, then zeros up to a PADMÉ size
 *   sealed = secretstream header (24) || pieces of 64 KiB, each 17 bytes longer, the last one shorter and marked as the last
 *
 * Every piece has the caller's binding as additional data. A piece that is changed, missing, doubled or out of order does not
 * open, and a stream that ends before its last piece is refused.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { KiB, MiB } from '#shared/limits.ts';
import { padme } from '#shared/padme.ts';
import { STREAM_HEADER, STREAM_OVERHEAD, concatBytes, streamOpening, streamSealing } from '#shared/sodium.ts';
import { EntrySchema, type Entry } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { decode } from '../../domain/parsing.ts';
import { SessionFailure, type FileSource } from '../api.ts';

const PIECE = 64 * KiB;
const LENGTH = 4;
/** Bytes of one entry. A run of history is cut so that it stays far below. */
export const LONGEST_ENTRY = 4 * MiB;
/** Plain bytes of the shortest stream, so that an empty one looks like one with a little in it. */
const FLOOR = 256 * KiB;
/** Bytes of a stream that is read at all. */
export const LONGEST_STREAM = 64 * 1024 * MiB;

/** Takes bytes one after the other. */
export type Append = (bytes: Uint8Array) => Promise<void>;
export type EntryBody = Exclude<Entry['entry'], { case: undefined }>;

export class ArchiveWriter {
  readonly #append: Append;
  readonly #binding: Uint8Array;
  readonly #sealing: ReturnType<typeof streamSealing>;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #plain = 0;
  #entries = 0;
  #begun = false;

  /** @param key 32 bytes, used for nothing else. @param binding what the stream belongs to */
  constructor(append: Append, key: Uint8Array, binding: Uint8Array) {
    this.#append = append;
    this.#binding = binding;
    this.#sealing = streamSealing(key);
  }

  /** @returns false for an entry that is too large to be read again: it was left out */
  async put(entry: EntryBody): Promise<boolean> {
    const bytes = toBinary(EntrySchema, create(EntrySchema, { entry }));
    if (bytes.length > LONGEST_ENTRY) return false;
    const length = new Uint8Array(LENGTH);
    new DataView(length.buffer).setUint32(0, bytes.length);
    this.#entries += 1;
    this.#add(length);
    this.#add(bytes);
    // Never the last of what there is: that one is to be marked.
    while (this.#waitingBytes > PIECE) await this.#seal(PIECE, false);
    return true;
  }

  /** Says how many entries there were, pads, and marks the last piece. */
  async end(): Promise<void> {
    await this.put({ case: 'end', value: { $typeName: 'thicket.archive.v1.End', entries: BigInt(this.#entries) } });
    let padding = padme(Math.max(FLOOR, this.#plain)) - this.#plain;
    while (padding > 0) {
      const zeros = Math.min(padding, PIECE);
      this.#add(new Uint8Array(zeros));
      padding -= zeros;
      while (this.#waitingBytes > PIECE) await this.#seal(PIECE, false);
    }
    await this.#seal(this.#waitingBytes, true);
  }

  #add(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#plain += bytes.length;
  }

  async #seal(length: number, isLast: boolean): Promise<void> {
    const all = concatBytes(...this.#waiting);
    this.#waiting = [all.subarray(length)];
    this.#waitingBytes = all.length - length;
    const sealed = this.#sealing.push(all.subarray(0, length), this.#binding, isLast);
    await this.#append(this.#begun ? sealed : concatBytes(this.#sealing.header, sealed));
    this.#begun = true;
  }
}

export interface ReadingOptions {
  readonly key: Uint8Array;
  readonly binding: Uint8Array;
  /** Where the stream begins in the source. */
  readonly from: number;
  /** Called with the bytes of the source that are read. */
  readonly tell?: (done: number) => void;
  /** What is thrown when not even the first piece opens: then it is the key that is wrong, as far as one can tell. */
  readonly wrongKey: SessionFailure['code'];
}

/**
 * The entries, in order. Whoever reads must not trust what came before the end until the end was reached: a stream that
 * was cut short is known by nothing else.
 * @throws SessionFailure `wrongKey` | `archive-damaged` | `file-unreadable`
 */
export async function* readEntries(source: FileSource, options: ReadingOptions): AsyncGenerator<EntryBody> {
  let held: Uint8Array = new Uint8Array(0);
  let entries = 0n;
  let ended = false;
  for await (const piece of pieces(source, options)) {
    if (ended) {
      mustBeZeros(piece);
      continue;
    }
    held = concatBytes(held, piece);
    let at = 0;
    while (!ended && held.length - at >= LENGTH) {
      const length = new DataView(held.buffer, held.byteOffset + at).getUint32(0);
      if (length === 0 || length > LONGEST_ENTRY) throw damaged();
      if (held.length - at - LENGTH < length) break;
      const { entry } = decode(EntrySchema, held.subarray(at + LENGTH, at + LENGTH + length)) ?? {};
      at += LENGTH + length;
      // One of a later version, perhaps: what is not known is passed over.
      if (entry?.case === 'end') {
        if (entry.value.entries !== entries) throw damaged();
        ended = true;
        mustBeZeros(held.subarray(at));
      } else if (entry?.case !== undefined) yield entry;
      entries += 1n;
    }
    held = ended ? new Uint8Array(0) : held.slice(at);
  }
  if (!ended) throw damaged();
}

/** The stream opened piece by piece, to the one that says it is the last, after which nothing may stand. */
async function* pieces(source: FileSource, { key, binding, from, tell, wrongKey }: ReadingOptions): AsyncGenerator<Uint8Array> {
  if (source.size > LONGEST_STREAM || source.size < from + STREAM_HEADER + STREAM_OVERHEAD) throw damaged();
  const open = streamOpening(key, await slice(source, from, from + STREAM_HEADER));
  for (let at = from + STREAM_HEADER; ; at += PIECE + STREAM_OVERHEAD) {
    const end = Math.min(source.size, at + PIECE + STREAM_OVERHEAD);
    if (end - at < STREAM_OVERHEAD) throw damaged();
    const opened = open(await slice(source, at, end), binding);
    if (opened === undefined) throw at === from + STREAM_HEADER ? new SessionFailure(wrongKey) : damaged();
    tell?.(end);
    if (opened.isLast !== (end === source.size)) throw damaged();
    yield opened.piece;
    if (opened.isLast) return;
  }
}

async function slice(source: FileSource, from: number, to: number): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(await source.slice(from, to).arrayBuffer());
    if (bytes.length !== to - from) throw new Error('cut short');
    return bytes;
  } catch (cause) {
    throw new SessionFailure('file-unreadable', { cause });
  }
}

function mustBeZeros(bytes: Uint8Array): void {
  let rest = 0;
  for (const byte of bytes) rest |= byte;
  if (rest !== 0) throw damaged();
}

const damaged = (): SessionFailure => new SessionFailure('archive-damaged');
