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
import { PassesService } from '../passes/passes.service.ts';
import { eventFrame } from './frames.ts';
import { TailFeed } from './tail-feed.ts';
import { CLOSE, TailSocket } from './tail-socket.ts';
import { TailSockets } from './tail-sockets.ts';

/** Milliseconds. */
const OPEN_WITHIN = 10_000;
/** A frame above LIMITS.tailRequest is refused; one above this is not even read, and ends the socket. */
const LARGEST_READ = 64 * KiB;

const PONG = eventFrame({ case: 'pong', value: {} });

@WebSocketGateway({ path: '/v1/tail', perMessageDeflate: false, maxPayload: LARGEST_READ, clientTracking: true })
export class TailGateway implements OnGatewayConnection, OnGatewayDisconnect {
  private readonly passes: PassesService;
  private readonly feed: TailFeed;
  private readonly sockets: TailSockets;
  private readonly known = new WeakMap<WebSocket, TailSocket>();

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
    const deadline = setTimeout(() => {
      if (socket.state === 'new') socket.close(CLOSE.notOpened);
    }, OPEN_WITHIN);
    client.on('close', () => clearTimeout(deadline));
  }

  handleDisconnect(client: WebSocket): void {
    const socket = this.known.get(client);
    if (socket === undefined) return;
    socket.state = 'closed';
    this.sockets.remove(socket);
  }

  @SubscribeMessage('open')
  async open(@ConnectedSocket() client: WebSocket, @MessageBody() request: TailOpen): Promise<void> {
    const socket = this.known.get(client);
    if (socket === undefined || socket.state === 'closed') return;
    if (socket.state !== 'new') return socket.refuse(new RelayRefusal('malformed'));
    socket.state = 'opening';
    try {
      const { pass, secret, shards } = parseOpen(request);
      await this.passes.check(pass, secret);
      // Another process may have made shards that this one has not heard of.
      if (shards.some((shard) => !this.feed.heads().has(shard))) await this.feed.refresh();
      this.begin(socket, shards);
    } catch (error) {
      socket.refuse(error instanceof RelayRefusal ? error : new RelayRefusal('internal'));
      socket.close(CLOSE.refused);
    }
  }

  @SubscribeMessage('ping')
  ping(@ConnectedSocket() client: WebSocket): void {
    const socket = this.known.get(client);
    if (socket?.state === 'open') socket.send(PONG);
    else socket?.refuse(new RelayRefusal('malformed'));
  }

  @SubscribeMessage('unreadable')
  unreadable(@ConnectedSocket() client: WebSocket, @MessageBody() refusal: RelayRefusal): void {
    this.known.get(client)?.refuse(refusal);
  }

  /** Heads and registration in one turn of the event loop: no delivery can fall between them. */
  private begin(socket: TailSocket, shards: readonly ShardIndex[]): void {
    const heads = this.feed.heads();
    if (heads.size === 0) throw new RelayRefusal('storage-unavailable');
    const asked = shards.map((shard) => ({ shard, head: BigInt(must(heads.get(shard), 'unknown-shard')) }));
    if ((socket.state as TailSocket['state']) === 'closed') return;
    socket.state = 'open';
    socket.shards = shards;
    socket.send(eventFrame({ case: 'opened', value: { heads: asked } }));
    this.sockets.open(socket);
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
