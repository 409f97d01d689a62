/** Each person at an address of their own, as far as the relay can see, over the relay's real sockets. */
import WS from 'ws';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';
import { fetchFrom } from '../harness/eavesdropper.ts';

export function relayFrom(address: string, origin: string): Relay {
  const send = fetchFrom(address);
  return createRelay(origin, { fetch: send, anonymousFetch: send, WebSocket: socketFrom(address) });
}

function socketFrom(localAddress: string): typeof WebSocket {
  return class extends WS {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { localAddress });
    }
  } as unknown as typeof WebSocket;
}
