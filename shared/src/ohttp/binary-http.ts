/**
 * Binary HTTP (RFC 9292), as much of it as an oblivious request needs: messages of known length with one header at most
 * that matters, padded with zeros after the message (section 3.8) so that a neighbour hub sees one of few sizes.
 *
 *   request   0 || method || scheme || authority || path || fields || content || trailers || zeros
 *   response  1 || status || fields || content || trailers || zeros
 *
 * Each part has its length before it, as one of QUIC's integers. Messages of indeterminate length, interim responses and
 * trailers are refused: nobody here sends them, and each is a way to announce more than is sent.
 */
import { KiB, MiB } from '../limits.ts';
import { concatBytes, utf8 } from '../sodium.ts';

/**
 * Requests and responses come in these sizes, in bytes before sealing: one for each size of body with what stands
 * around it, and one for everything small, so that posting, fetching and asking look alike.
 */
export const PADDED_SIZES = [6 * KiB, 20 * KiB, 72 * KiB, 264 * KiB, 1 * MiB + 16 * KiB, 4 * MiB + 16 * KiB] as const;
export const LARGEST_PADDED = PADDED_SIZES[PADDED_SIZES.length - 1] as number;

export interface InnerRequest {
  readonly method: string;
  readonly path: string;
  /** Empty where there is no body. */
  readonly contentType: string;
  readonly body: Uint8Array;
}
export interface InnerResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const REQUEST = 0;
const RESPONSE = 1;
const CONTENT_TYPE = 'content-type';
/** Method, scheme, authority, path, and all fields together, in bytes each. */
const LONGEST_PART = 512;
const MOST_FIELDS = 16;

// ---------------------------------------------------------------- writing

/** RFC 9000 section 16: the two top bits say how many bytes. */
function integer(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value);
  if (value < 0x4000) return Uint8Array.of(0x40 | (value >>> 8), value & 0xff);
  return Uint8Array.of(0x80 | (value >>> 24), (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
const part = (bytes: Uint8Array): Uint8Array => concatBytes(integer(bytes.length), bytes);
const text = (value: string): Uint8Array => part(utf8(value));
const fields = (contentType: string): Uint8Array => part(contentType === '' ? new Uint8Array(0) : concatBytes(text(CONTENT_TYPE), text(contentType)));
const NO_TRAILERS = integer(0);

/** @param origin of the hub that the request is for. @returns without padding */
export function encodeRequest(origin: string, { method, path, contentType, body }: InnerRequest): Uint8Array {
  const { protocol, host } = new URL(origin);
  return concatBytes(
    integer(REQUEST), text(method), text(protocol.replace(/:$/, '')), text(host), text(path), fields(contentType), part(body), NO_TRAILERS,
  );
}
/** @returns without padding */
export const encodeResponse = ({ status, contentType, body }: InnerResponse): Uint8Array =>
  concatBytes(integer(RESPONSE), integer(status), fields(contentType), part(body), NO_TRAILERS);

/** @returns the message with zeros behind it, or undefined if it fits no size */
export function padMessage(message: Uint8Array): Uint8Array | undefined {
  const size = PADDED_SIZES.find((candidate) => candidate >= message.length);
  if (size === undefined) return undefined;
  const out = new Uint8Array(size);
  out.set(message);
  return out;
}

// ---------------------------------------------------------------- reading

/** @returns undefined for bytes that are no such message, whatever they are */
export function decodeRequest(bytes: Uint8Array): InnerRequest | undefined {
  return attempt(() => {
    const reader = new Reader(bytes);
    reader.expect(REQUEST);
    const [method, , , path] = [reader.text(), reader.text(), reader.text(), reader.text()] as const;
    return { method, path, ...reader.rest() };
  });
}
/** @returns undefined for bytes that are no such message, whatever they are */
export function decodeResponse(bytes: Uint8Array): InnerResponse | undefined {
  return attempt(() => {
    const reader = new Reader(bytes);
    reader.expect(RESPONSE);
    const status = reader.integer();
    if (status < 200 || status > 599) throw new RangeError('status');
    return { status, ...reader.rest() };
  });
}

/** Throws at the first byte that does not fit; `attempt` turns that into undefined. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  expect(framing: number): void {
    if (this.integer() !== framing) throw new RangeError('framing');
  }
  integer(): number {
    const [first = 0] = this.#take(1);
    const more = [0, 1, 3, undefined][first >>> 6];
    // Eight bytes are lengths nobody can send here.
    if (more === undefined) throw new RangeError('length');
    let value = first & 0x3f;
    for (const byte of this.#take(more)) value = value * 256 + byte;
    return value;
  }
  text(): string {
    const length = this.integer();
    if (length > LONGEST_PART) throw new RangeError('part');
    return new TextDecoder('utf-8', { fatal: true }).decode(this.#take(length));
  }
  /** Fields and content. A message that ends early has empty ones (section 3.8). */
  rest(): { contentType: string; body: Uint8Array } {
    const contentType = this.#isAtEnd ? '' : this.#fields();
    const body = this.#isAtEnd ? new Uint8Array(0) : this.#take(this.integer()).slice();
    // No trailers, and padding.
    if (this.#bytes.subarray(this.#at).some((byte) => byte !== 0)) throw new RangeError('trailers');
    return { contentType, body };
  }

  #fields(): string {
    const length = this.integer();
    if (length > LONGEST_PART) throw new RangeError('fields');
    const end = this.#at + length;
    let contentType = '';
    for (let count = 0; this.#at < end; count += 1) {
      if (count === MOST_FIELDS) throw new RangeError('fields');
      const [name, value] = [this.text(), this.text()];
      if (name === CONTENT_TYPE) contentType = value;
    }
    if (this.#at !== end) throw new RangeError('fields');
    return contentType;
  }
  get #isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('truncated');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
