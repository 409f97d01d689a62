/** Each person at an address of their own (127.0.1.n), as far as the relay can see, over the relay's real sockets. */
import http from 'node:http';
import { Readable } from 'node:stream';
import WS from 'ws';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';

/** @param via where to connect instead of the relay itself: an adversary's tap */
export function relayFrom(address: string, origin: string, via: string = origin): Relay {
  const send = fetchFrom(address);
  return createRelay(via, { fetch: send, anonymousFetch: send, WebSocket: socketFrom(address) });
}

/** One connection a request, from that address. */
function fetchFrom(localAddress: string): typeof fetch {
  const agent = new http.Agent({ keepAlive: false });
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const reply = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = http.request(url, {
        method: init.method ?? 'GET', headers: Object.fromEntries(new Headers(init.headers)), localAddress, agent, ...(init.signal ? { signal: init.signal } : {}),
      });
      request.once('response', resolve).once('error', reject);
      request.end(init.body as Uint8Array | null | undefined);
    });
    const headers = Object.entries(reply.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
    return new Response(Readable.toWeb(reply) as ReadableStream<Uint8Array<ArrayBuffer>>, { status: reply.statusCode ?? 0, headers });
  };
}

function socketFrom(localAddress: string): typeof WebSocket {
  return class extends WS {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { localAddress });
    }
  } as unknown as typeof WebSocket;
}
