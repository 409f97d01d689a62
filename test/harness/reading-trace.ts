/** What a relay sees of a device's reading: every request that shows a pass and every tail, on their way to the real relay. */
import { fromBinary } from '@bufbuild/protobuf';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import type { Relay } from '#core/relay/port.ts';
import { TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';

export class ReadingTrace {
  /** One line for each thing seen, in order: method, path, names of headers, what came back and how much of it. Never a pass. */
  lines: string[] = [];

  readonly relayAt = (origin: string): Relay =>
    createRelay(origin, { fetch: this.#fetch, anonymousFetch: loneFetch, WebSocket: this.#socket() });

  /** Shards asked for since the trace was last emptied, in the order of their first asking. */
  get shards(): number[] {
    return [...new Set(this.lines.flatMap((line) => /\/v1\/log\/(\d+)\//.exec(line)?.[1] ?? []).map(Number))];
  }

  /** Of each shard: the pages asked for, in order. */
  pagesOf(shard: number): number[] {
    return this.lines.flatMap((line) => new RegExp(`/v1/log/${shard}/(\\d+) `).exec(line)?.[1] ?? []).map(Number);
  }

  get tails(): number[][] {
    return this.lines.flatMap((line) => /^tail open (.*)$/.exec(line)?.[1] ?? []).map((shards) => shards.split(',').map(Number));
  }

  readonly #fetch: typeof fetch = async (input, init) => {
    const reply = await fetch(input, init);
    const { pathname } = new URL(String(input));
    // Drawing postage shows a pass as well, and how much somebody writes; it is no reading.
    if (pathname.startsWith('/v1/log/')) {
      const headers = Object.keys(Object.fromEntries(new Headers(init?.headers))).sort().join(' ');
      const size = (await reply.clone().arrayBuffer()).byteLength;
      this.lines.push(`${init?.method ?? 'GET'} ${pathname} [${headers}] ${init?.cache ?? ''} ${reply.status} ${size}`);
    }
    return reply;
  };

  #socket(): typeof WebSocket {
    const { lines } = this;
    return class extends WebSocket {
      override send(data: Parameters<WebSocket['send']>[0]): void {
        const { request } = fromBinary(TailRequestSchema, new Uint8Array(data as ArrayBuffer));
        if (request.case === 'open') lines.push(`tail open ${request.value.shards.join()}`);
        super.send(data);
      }
    };
  }
}
