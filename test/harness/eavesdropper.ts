/**
 * Sits inside a relay's process and writes down what the process sees: every connection with the address it comes from,
 * and every byte that arrives on it. For relays in this process.
 */
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';

export interface Heard {
  readonly from: string;
  /** When it was opened, in milliseconds since 1970. */
  readonly at: number;
  bytes: Buffer;
}

export class Eavesdropper {
  readonly #port: number;
  readonly heard: Heard[] = [];

  constructor(origin: string) {
    this.#port = Number(new URL(origin).port);
    EARS.add(this);
    listenIn();
  }

  hears(server: net.Server, socket: Socket): void {
    if ((server.address() as AddressInfo | null)?.port !== this.#port) return;
    const entry: Heard = { from: socket.remoteAddress ?? '', at: Date.now(), bytes: Buffer.alloc(0) };
    this.heard.push(entry);
    socket.on('data', (chunk: Buffer) => void (entry.bytes = Buffer.concat([entry.bytes, chunk])));
  }

  forget(): void {
    this.heard.length = 0;
  }
  end(): void {
    EARS.delete(this);
  }
}

const EARS = new Set<Eavesdropper>();
let isListening = false;

function listenIn(): void {
  if (isListening) return;
  isListening = true;
  const emit = net.Server.prototype.emit;
  net.Server.prototype.emit = function (this: net.Server, event: string, ...args: unknown[]): boolean {
    const emitted = Reflect.apply(emit, this, [event, ...args]) as boolean;
    // After the server has taken it, whose own reading then goes on as if nobody listened.
    if (event === 'connection') for (const ear of EARS) ear.hears(this, args[0] as Socket);
    return emitted;
  } as typeof emit;
}

/** One HTTP request on a connection: its line, headers and body. */
export function requestIn({ bytes }: Heard): { line: string; headers: string; body: Buffer } {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...headers] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  return { line, headers: headers.join('\n'), body: bytes.subarray(end + 4) };
}

/** A fetch whose connections come from one of this machine's own addresses, each from a new port. */
export function fetchFrom(localAddress: string): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return new Promise((resolve, reject) => {
      const request = http.request(url, {
        localAddress, agent: false, method: init.method ?? 'GET', headers: Object.fromEntries(new Headers(init.headers)),
        ...(init.signal && { signal: init.signal }),
      });
      request.on('response', (reply) => {
        const headers = Object.entries(reply.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
        resolve(new Response(Readable.toWeb(reply) as ReadableStream<Uint8Array<ArrayBuffer>>, { status: reply.statusCode ?? 0, headers }));
      });
      request.on('error', reject);
      request.end((init.body as Uint8Array | null | undefined) ?? undefined);
    });
  };
}
