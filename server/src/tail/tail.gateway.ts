/** The tail socket: opened with a pass, then everything newer than the heads it was told, in order. */
import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import {
  ConnectedSocket, MessageBody, type OnGatewayConnection, type OnGatewayDisconnect, SubscribeMessage, WebSocketGateway,
} from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { RelayRefusal } from '#shared/errors.ts';
import type { TailOpen } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type PassId, type Secret32, type ShardIndex, passId, secret32, shardIndex } from '#shared/ids.ts';
import { KiB, LIMITS, PROTOCOL_VERSION } from '#shared/limits.ts';
import { must } from '../http/protobuf.ts';
import { TAIL } from '../overload/figures.ts';
import { TokenBucket } from '../overload/token-bucket.ts';
import { PassesService } from '../passes/passes.service.ts';
import { parseAsk } from './asks.ts';
import { eventFrame } from './frames.ts';
import type { RawFrame } from './tail.adapter.ts';
import { TailFeed } from './tail-feed.ts';
import { CLOSE, TailSocket } from './tail-socket.ts';
import { TailSockets } from './tail-sockets.ts';

/** A frame above LIMITS.tailRequest is refused; one above this is not even read, and ends the socket. */
const LARGEST_READ = 64 * KiB;

const PONG = eventFrame({ case: 'pong', value: {} });

@WebSocketGateway({ path: '/v1/tail', perMessageDeflate: false, maxPayload: LARGEST_READ, clientTracking: true, autoPong: false })
export class TailGateway implements OnGatewayConnection, OnGatewayDisconnect {
  private readonly passes: PassesService;
  private readonly feed: TailFeed;
  private readonly sockets: TailSockets;
  private readonly known = new WeakMap<WebSocket, TailSocket>();
  private readonly unopenedFrames = new TokenBucket(TAIL.unopenedFrames);

  constructor(@Inject(PassesService) passes: PassesService, @Inject(TailFeed) feed: TailFeed, @Inject(TailSockets) sockets: TailSockets) {
    this.passes = passes;
    this.feed = feed;
    this.sockets = sockets;
  }

  handleConnection(client: WebSocket, request: IncomingMessage): void {
    request.socket.setNoDelay(true);
    const socket = new TailSocket(client, request.socket);
    this.known.set(client, socket);
    this.sockets.add(socket);
    client.on('ping', this.onPing).on('pong', this.onPong);
  }

  handleDisconnect(client: WebSocket): void {
    const socket = this.known.get(client);
    if (socket === undefined) return;
    socket.state = 'closed';
    this.sockets.remove(socket);
  }

  @SubscribeMessage('frame')
  async frame(@ConnectedSocket() client: WebSocket, @MessageBody() { data, isBinary }: RawFrame): Promise<void> {
    const socket = this.known.get(client);
    const bytes = data instanceof ArrayBuffer ? Buffer.from(data) : Array.isArray(data) ? Buffer.concat(data) : data;
    if (socket === undefined || !this.admits(socket, bytes.length)) return;
    const ask = parseAsk(bytes, isBinary);
    if (ask.what === 'open') return this.open(socket, ask.open);
    if (ask.what === 'unreadable') return socket.refuse(ask.refusal);
    if (socket.state === 'open') socket.send(PONG);
    else socket.refuse(new RelayRefusal('malformed'));
  }

  private readonly onPing = answering(this, (gateway, socket, data) => {
    if (gateway.admits(socket, data.length)) socket.pong(data);
  });
  private readonly onPong = answering(this, (gateway, socket, data) => {
    if (gateway.admits(socket, data.length)) socket.alive = true;
  });

  /** Within the rate of this socket, and of all that are not opened yet; a socket that goes beyond its own is closed. */
  private admits(socket: TailSocket, bytes: number): boolean {
    if (socket.state === 'closed') return false;
    if (!socket.mayAsk(bytes)) {
      socket.refuse(new RelayRefusal('too-many'));
      socket.close(CLOSE.tooManyFrames);
      return false;
    }
    if (socket.state === 'open' || this.unopenedFrames.take()) return true;
    socket.refuse(new RelayRefusal('too-many'));
    return false;
  }

  private async open(socket: TailSocket, request: TailOpen): Promise<void> {
    if (socket.state !== 'new') return socket.refuse(new RelayRefusal('malformed'));
    socket.state = 'opening';
    try {
      const { pass, secret, shards } = parseOpen(request);
      await this.passes.check(pass, secret);
      // Another process may have made shards that this one has not heard of.
      if (shards.some((shard) => !this.feed.heads().has(shard))) await this.feed.refresh();
      this.begin(socket, pass, shards);
    } catch (error) {
      socket.refuse(error instanceof RelayRefusal ? error : new RelayRefusal('internal'));
      socket.close(CLOSE.refused);
    }
  }

  /** Heads and registration in one turn of the event loop: no delivery can fall between them. */
  private begin(socket: TailSocket, pass: PassId, shards: readonly ShardIndex[]): void {
    const heads = this.feed.heads();
    if (heads.size === 0) throw new RelayRefusal('storage-unavailable');
    const asked = shards.map((shard) => ({ shard, head: BigInt(must(heads.get(shard), 'unknown-shard')) }));
    if ((socket.state as TailSocket['state']) === 'closed') return;
    this.sockets.open(socket, pass, shards);
    socket.state = 'open';
    socket.send(eventFrame({ case: 'opened', value: { heads: asked } }));
  }
}

function parseOpen(request: TailOpen): { pass: PassId; secret: Secret32; shards: readonly ShardIndex[] } {
  if (request.version !== PROTOCOL_VERSION) throw new RelayRefusal('unsupported-version');
  if (request.shards.length < 1 || request.shards.length > LIMITS.shardsPerTail) throw new RelayRefusal('bad-field');
  return {
    pass: must(passId(request.passId)),
    secret: must(secret32(request.passSecret)),
    shards: [...new Set(request.shards)].map((shard) => must(shardIndex(shard))),
  };
}

/** One listener for every socket of the gateway: ws calls it with the socket as `this`. */
function answering(gateway: TailGateway, answer: (gateway: TailGateway, socket: TailSocket, data: Buffer) => void) {
  return function listener(this: WebSocket, data: Buffer): void {
    const socket = gateway['known'].get(this);
    if (socket !== undefined) answer(gateway, socket, data);
  };
}
