/** Nest's WebSocket adapter with Thicket's frames: a binary frame holds one TailRequest. */
import { WsAdapter } from '@nestjs/platform-ws';
import type { WsMessageHandler } from '@nestjs/common';
import type { RawData, WebSocket } from 'ws';
import { RelayRefusal } from '#shared/errors.ts';
import { type TailOpen, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { LIMITS } from '#shared/limits.ts';
import { decode } from '../http/protobuf.ts';

/** What a frame asks for; the names are those of the gateway's handlers. */
export type TailAsk =
  | { readonly event: 'open'; readonly data: TailOpen }
  | { readonly event: 'ping'; readonly data: undefined }
  | { readonly event: 'unreadable'; readonly data: RelayRefusal };

export class TailAdapter extends WsAdapter {
  override bindMessageHandlers(client: WebSocket, handlers: WsMessageHandler[]): void {
    const byEvent = new Map(handlers.map((handler) => [String(handler.message), handler.callback]));
    client.on('message', (data: RawData, isBinary: boolean) => {
      const { event, data: message } = parseAsk(data, isBinary);
      void byEvent.get(event)?.(message, event);
    });
  }
}

export function parseAsk(data: RawData, isBinary: boolean): TailAsk {
  const bytes = data instanceof ArrayBuffer ? Buffer.from(data) : Array.isArray(data) ? Buffer.concat(data) : data;
  if (!isBinary) return unreadable(new RelayRefusal('malformed'));
  if (bytes.length > LIMITS.tailRequest) return unreadable(new RelayRefusal('too-large'));
  try {
    const { request } = decode(TailRequestSchema, bytes);
    if (request.case === 'open') return { event: 'open', data: request.value };
    if (request.case === 'ping') return { event: 'ping', data: undefined };
    return unreadable(new RelayRefusal('malformed'));
  } catch (error) {
    return unreadable(error instanceof RelayRefusal ? error : new RelayRefusal('malformed'));
  }
}

const unreadable = (data: RelayRefusal): TailAsk => ({ event: 'unreadable', data });
