/** Nest's WebSocket adapter with Thicket's frames and Thicket's doors: who may not come in is told so in the words of the table. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplicationContext, WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import { RelayRefusal } from '#shared/errors.ts';
import { endWithRefusal } from '../http/raw-refusal.ts';
import type { TailDoor } from './tail-door.ts';

/** A frame as it came; the gateway reads it. */
export interface RawFrame {
  readonly data: RawData;
  readonly isBinary: boolean;
}

export class TailAdapter extends WsAdapter {
  private readonly door: TailDoor;

  constructor(app: INestApplicationContext, door: TailDoor) {
    super(app);
    this.door = door;
  }

  override bindMessageHandlers(client: WebSocket, handlers: WsMessageHandler[]): void {
    const frame = handlers.find(({ message }) => message === 'frame')?.callback;
    client.on('message', (data: RawData, isBinary: boolean) => void frame?.({ data, isBinary } satisfies RawFrame));
  }

  protected override ensureHttpServerExists(port: number, httpServer?: Server): Server | undefined {
    if (httpServer === undefined || this.httpServersRegistry.has(port)) return undefined;
    this.httpServersRegistry.set(port, httpServer);
    httpServer.on('upgrade', (request, socket, head) => this.upgrade(this.wsServersRegistry.get(port)?.[0] as WebSocketServer | undefined, request, socket, head));
    return httpServer;
  }

  private upgrade(server: WebSocketServer | undefined, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      if (server === undefined || request.url?.split('?')[0] !== server.path) throw new RelayRefusal('unknown-path');
      this.door.admit();
      if (server.listenerCount('wsClientError') === 0) server.on('wsClientError', (_error, broken) => endWithRefusal(broken, new RelayRefusal('malformed')));
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
    } catch (error) {
      endWithRefusal(socket, error instanceof RelayRefusal ? error : new RelayRefusal('malformed'));
    }
  }
}
