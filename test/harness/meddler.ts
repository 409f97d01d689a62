/**
 * Somebody between a device and a real relay who passes on what a test lets them: requests, replies and tail frames,
 * changed, swallowed or made up. Loopback only.
 */
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}
/** Gets the path and a way to ask the real relay; 'cut' ends the connection without a word. */
export type Meddling = (path: string, ask: () => Promise<Reply>) => Promise<Reply | 'cut'>;

const honest: Meddling = (_path, ask) => ask();

export class Meddler {
  /** What becomes of a request. */
  meddle: Meddling = honest;
  /** What a device hears for each frame of the tail. A string is sent as a text frame. */
  frames: (frame: Uint8Array) => readonly (Uint8Array | string)[] = (frame) => [frame];
  readonly #target: string;
  readonly #http = createServer((request, response) => void this.#serve(request, response));
  readonly #tails = new WebSocketServer({ server: this.#http, path: '/v1/tail' });

  private constructor(target: string) {
    this.#target = target;
    this.#tails.on('connection', (socket) => this.#follow(socket));
  }

  static async start(target: string): Promise<Meddler> {
    const meddler = new Meddler(target);
    await new Promise<void>((resolve) => meddler.#http.listen(0, '127.0.0.1', resolve));
    return meddler;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Everything passes again. */
  relent(): void {
    this.meddle = honest;
    this.frames = (frame) => [frame];
  }

  async stop(): Promise<void> {
    for (const socket of this.#tails.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** Says something on every open tail. */
  blurt(frame: Uint8Array | string): void {
    for (const socket of this.#tails.clients) socket.send(frame, { binary: typeof frame !== 'string' });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '/';
    try {
      const reply = await this.meddle(path, () => this.#ask(request, path, Buffer.concat(chunks)));
      if (reply === 'cut') response.destroy();
      else response.writeHead(reply.status, reply.headers).end(reply.body);
    } catch {
      response.destroy();
    }
  }

  #ask(from: IncomingMessage, path: string, body: Buffer): Promise<Reply> {
    const { 'content-type': type, authorization } = from.headers;
    const headers = { ...(type && { 'content-type': type }), ...(authorization && { authorization }), 'content-length': body.length };
    return new Promise((resolve, reject) => {
      const asked = httpRequest(this.#target + path, { method: from.method, headers, agent: false }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => resolve({
          status: reply.statusCode ?? 500,
          headers: { 'content-type': reply.headers['content-type'] ?? '', 'cache-control': 'no-store' },
          body: Buffer.concat(chunks),
        }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  #follow(device: WebSocket): void {
    const relay = new WebSocket(`${this.#target.replace('http', 'ws')}/v1/tail`);
    const early: Buffer[] = [];
    relay.on('open', () => early.splice(0).forEach((data) => relay.send(data)));
    relay.on('error', () => device.terminate());
    relay.on('close', () => device.terminate());
    device.on('close', () => relay.terminate());
    device.on('error', () => relay.terminate());
    device.on('message', (data: Buffer) => void (relay.readyState === WebSocket.OPEN ? relay.send(data) : early.push(data)));
    relay.on('message', (data: Buffer) => {
      for (const frame of this.frames(new Uint8Array(data))) device.send(frame, { binary: typeof frame !== 'string' });
    });
  }
}
