/**
 * A server on loopback that says whatever a test wants it to say, well or badly: for holding the relay adapter against
 * replies no honest relay would give. It keeps what was asked of it.
 */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { RefusalSchema, TailEventSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
  /** The caller's port, which tells its connections apart. */
  readonly port: number;
}
export type Say = (asked: Asked, response: ServerResponse) => void;

export const PROTOBUF_HEADERS = { 'content-type': 'application/x-protobuf' };

/** A proper reply. */
export const reply = <Schema extends DescMessage>(schema: Schema, fields: MessageInitShape<Schema>): Say =>
  (_asked, response) => void response.writeHead(200, PROTOBUF_HEADERS).end(toBinary(schema, create(schema, fields)));

export const refuse = (status: number, fields: MessageInitShape<typeof RefusalSchema>): Say =>
  (_asked, response) => void response.writeHead(status, PROTOBUF_HEADERS).end(toBinary(RefusalSchema, create(RefusalSchema, fields)));

export const tailEvent = (event: NonNullable<MessageInitShape<typeof TailEventSchema>['event']>): Uint8Array =>
  toBinary(TailEventSchema, create(TailEventSchema, { event }));

export class PuppetRelay {
  readonly asked: Asked[] = [];
  readonly sockets: WebSocket[] = [];
  say: Say = (_asked, response) => void response.writeHead(404).end();
  onSocket: (socket: WebSocket) => void = () => undefined;
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  readonly #tails = new WebSocketServer({ server: this.#http, path: '/v1/tail' });

  static async start(): Promise<PuppetRelay> {
    const puppet = new PuppetRelay();
    puppet.#tails.on('connection', (socket) => {
      puppet.sockets.push(socket);
      puppet.onSocket(socket);
    });
    await new Promise<void>((resolve) => puppet.#http.listen(0, '127.0.0.1', resolve));
    return puppet;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#tails.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: new Uint8Array(Buffer.concat(chunks)),
      port: request.socket.remotePort ?? 0 };
    this.asked.push(asked);
    this.say(asked, response);
  }
}
