/**
 * One request, one reply, over whatever `fetch` there is. Everything that is not a relay's reply (offline, a proxy's
 * page of HTML, a body cut short or far too long, silence) leaves here as RelayUnreachable.
 */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { base64url, concatBytes, sodiumReady } from '#shared/sodium.ts';
import { RefusalSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { KiB } from '#shared/limits.ts';
import type { sendThrough } from './oblivious.ts';
import { refusalFrom } from './parse.ts';
import { NeighbourUnreachable, type Neighbour, type Pass, RelayUnreachable } from './port.ts';

export const PROTOBUF = 'application/x-protobuf';
const REFUSAL_BYTES = 4 * KiB;
/** How many times its size a call may have once it is padded for a neighbour; below a few KiB it is more, and nothing. */
const PADDING = 4;

export interface Timeouts {
  /** What every call may take on top of its bytes, in milliseconds. */
  readonly baseMs: number;
  /** The longest silence inside a reply, in milliseconds. */
  readonly idleMs: number;
  /** The slowest network still worth waiting for; each byte sent or received buys its time at this rate. */
  readonly bytesPerSecond: number;
}
/** Patient enough for Tor on a bad day. */
export const DEFAULT_TIMEOUTS: Timeouts = { baseMs: 20_000, idleMs: 20_000, bytesPerSecond: 4 * KiB };

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Uint8Array | undefined;
  /** Without one the call is anonymous, unless its body tells a pass. */
  readonly pass?: Pass | undefined;
  readonly tellsPass?: boolean | undefined;
  /** A reply with more bytes than this is no reply. */
  readonly replyBytes: number;
  /** What a browser's cache may do: nothing, answer, or take a new copy. */
  readonly cache?: 'no-store' | 'default' | 'reload';
}

/** Two ways to the relay that share no connection, so that a relay cannot tell by it which pass an anonymous call belongs to. */
export interface Lines {
  readonly known: typeof fetch;
  readonly anonymous: typeof fetch;
}

/** How anonymous calls travel; what carries them is loaded when the first one goes that way. */
export interface Way {
  readonly neighbour: Neighbour;
  heard(answers: boolean): void;
}

export interface Transport {
  /**
   * @param way overrides the way that was set
   * @throws RelayRefusal, RelayUnreachable, NeighbourUnreachable
   */
  call<Schema extends DescMessage>(call: Call, schema: Schema, way?: Way): Promise<MessageShape<Schema>>;
  /** For every anonymous POST from now on. */
  setWay(way: Way | undefined): void;
}

/** @param closed ends every call, under way or to come */
export function transport(origin: string, lines: Lines, timeouts: Timeouts, closed: AbortSignal): Transport {
  let set: Way | undefined;
  return {
    setWay: (way) => {
      set = way;
    },
    async call(call, schema, given) {
      // What every device asks in the same words tells nothing, and is needed before anybody can post.
      const way = given ?? (isAnonymous(call) && call.method === 'POST' ? set : undefined);
      const bytes = call.body?.length ?? 0;
      const deadline = new Deadline(timeouts, way === undefined ? bytes : PADDING * (bytes + KiB));
      const give = () => deadline.over();
      closed.addEventListener('abort', give);
      try {
        const request = await requestOf(call, deadline.signal);
        if (closed.aborted) throw new DOMException('the relay was closed', 'AbortError');
        const send = isAnonymous(call) ? lines.anonymous : lines.known;
        const response = way === undefined
          ? await send(origin + call.path, request)
          : await carried(way, { hub: origin, neighbour: way.neighbour, send, read: (reply, limit) => readBody(reply, limit, deadline) }, call.path, request);
        if (!(response.headers.get('content-type') ?? '').startsWith(PROTOBUF)) throw new TypeError('not a reply of a relay');
        const bytes = await readBody(response, response.ok ? call.replyBytes : REFUSAL_BYTES, deadline);
        if (response.ok) return fromBinary(schema, bytes);
        throw refusalFrom(fromBinary(RefusalSchema, bytes));
      } catch (cause) {
        throw isRefusal(cause) || cause instanceof NeighbourUnreachable ? cause : new RelayUnreachable({ cause });
      } finally {
        closed.removeEventListener('abort', give);
        deadline.over();
      }
    },
  };
}

async function carried(way: Way, ...how: Parameters<typeof sendThrough>): Promise<Response> {
  try {
    const response = await (await import('./oblivious.ts')).sendThrough(...how);
    way.heard(true);
    return response;
  } catch (thrown) {
    way.heard(false);
    throw thrown;
  }
}

const isAnonymous = (call: Call): boolean => call.pass === undefined && call.tellsPass !== true;

const isRefusal = (error: unknown): boolean => error instanceof Error && error.name === 'RelayRefusal';

/**
 * Browsers keep connections of calls with and without credentials apart, so an anonymous call (`omit`) never shares one
 * with a call that shows or tells the pass. There are no cookies either way.
 */
async function requestOf(call: Call, signal: AbortSignal): Promise<RequestInit> {
  const headers: Record<string, string> = call.body === undefined ? {} : { 'content-type': PROTOBUF };
  if (call.pass !== undefined) headers['authorization'] = await authorization(call.pass);
  return {
    method: call.method,
    headers,
    ...(call.body === undefined ? {} : { body: call.body as Uint8Array<ArrayBuffer> }),
    credentials: isAnonymous(call) ? 'omit' : 'same-origin',
    referrerPolicy: 'no-referrer',
    cache: call.cache ?? 'no-store',
    redirect: 'error',
    signal,
  };
}

async function authorization(pass: Pass): Promise<string> {
  await sodiumReady();
  return `Pass ${base64url(concatBytes(pass.id, pass.secret))}`;
}

async function readBody(response: Response, limit: number, deadline: Deadline): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length') ?? 0) > limit) throw new RangeError('the reply is too long');
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks.length === 1 ? (chunks[0] as Uint8Array) : concatBytes(...chunks);
    total += value.length;
    if (total > limit) throw new RangeError('the reply is too long');
    chunks.push(value);
    deadline.received(value.length);
  }
}

/** Time granted by the byte: a large page over a slow line gets it, a relay that drips single bytes does not. */
class Deadline {
  readonly #timeouts: Timeouts;
  readonly #abort = new AbortController();
  #granted: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(timeouts: Timeouts, sentBytes: number) {
    this.#timeouts = timeouts;
    this.#granted = Date.now() + timeouts.baseMs + this.#worth(sentBytes);
    this.#timer = this.#abortAt(this.#granted);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  received(bytes: number): void {
    this.#granted += this.#worth(bytes);
    clearTimeout(this.#timer);
    this.#timer = this.#abortAt(Math.min(this.#granted, Date.now() + this.#timeouts.idleMs));
  }

  /** Also cancels whatever is still coming. */
  over(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #worth(bytes: number): number {
    return (bytes / this.#timeouts.bytesPerSecond) * 1000;
  }

  #abortAt(time: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#abort.abort(new DOMException('the relay is too slow', 'TimeoutError')), Math.max(0, time - Date.now()));
  }
}
