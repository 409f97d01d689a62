/**
 * Who comes in by HTTP: so many connections, so many requests of each and of all, and nobody who was refused again and
 * again. What is known of a connection is counters; neither addresses nor anything else of it is looked at.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RelayRefusal, type RefusalCode } from '#shared/errors.ts';
import { refusedWith, sendRefusal } from '../http/protobuf.ts';
import { endWithRefusal } from '../http/raw-refusal.ts';
import type { Bodies } from './bodies.ts';
import { DRAIN, REQUESTS } from './figures.ts';
import { FloodGate } from './flood-gate.ts';
import { TokenBucket } from './token-bucket.ts';

interface Connection {
  readonly requests: TokenBucket;
  /** Those that are not answered yet. */
  readonly running: Set<IncomingMessage>;
  /** Answers that an honest device hardly ever gets. */
  strikes: number;
  /** A post of its is not answered yet. */
  posting: boolean;
}

const STRIKING: ReadonlySet<number> = new Set([400, 401, 403]);
/** Costs the relay a signature or a token to find out, and its sender nothing; no device ever gets one in any race. */
const FORGED: ReadonlySet<RefusalCode | undefined> = new Set(['bad-signature', 'bad-postage']);
/** What is signed, and costs. */
const POSTS: ReadonlySet<string | undefined> = new Set(['/v1/records', '/v1/commits', '/v1/mailboxes']);
const SWEEP_EVERY_MS = 2_000;

export class FrontDoor {
  private readonly most: number;
  private readonly bodies: Bodies;
  private readonly connections = new Map<Duplex, Connection>();
  private running = 0;
  private closing = false;
  private gate: FloodGate | undefined;
  /** Milliseconds of the monotonic clock: when somebody last came. */
  private lastCame = 0;

  constructor(connections: number, bodies: Bodies) {
    this.most = connections;
    this.bodies = bodies;
  }

  /** Asked to stop: who comes now is told so. */
  get isClosing(): boolean {
    return this.closing;
  }

  /** To be called before the routes are made. */
  guard(fastify: FastifyInstance): void {
    this.watch(fastify.server as Server);
    fastify.addHook('onRequest', (request, reply, done) => {
      // Cut, with requests still in the pipe: nobody is there any more who could read an answer.
      if (request.raw.socket?.destroyed) return void reply.hijack();
      const refusal = this.enter(request, reply);
      if (refusal === undefined) done();
      else sendRefusal(reply.header('connection', 'close'), new RelayRefusal(refusal));
    });
    // Cut while the body was read.
    fastify.addHook('preValidation', (request, reply, done) => {
      if (request.raw.socket?.destroyed) reply.hijack();
      else done();
    });
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      if (this.isLast(request, reply)) void reply.header('connection', 'close');
      done();
    });
    const sweep = setInterval(() => this.bodies.cutSlow(), SWEEP_EVERY_MS).unref();
    fastify.addHook('onClose', (_instance, done) => {
      clearInterval(sweep);
      this.gate?.open();
      done();
    });
  }

  /** Lets everything that has begun come to its end, and tells whoever still comes that the relay stops. */
  async drain(): Promise<void> {
    this.closing = true;
    this.lastCame = performance.now();
    const end = this.lastCame + DRAIN.longestMs;
    for (let now = this.lastCame; now < end; now = performance.now()) {
      if (this.running === 0 && now - this.lastCame >= DRAIN.quietMs) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private watch(server: Server): void {
    const forget = (socket: Duplex): void => {
      const connection = this.connections.get(socket);
      this.connections.delete(socket);
      // Node tells nobody of replies that waited behind another one of a pipe that broke.
      for (const request of connection?.running ?? []) this.leave(request, connection as Connection);
    };
    // One listener for all sockets: a tail socket is a connection that lasts.
    const closed = function closed(this: Duplex): void {
      forget(this);
    };
    this.gate = new FloodGate(server);
    server.on('connection', (socket) => {
      if (this.connections.size >= this.most && !this.dropOneIdle()) {
        socket.destroy();
        return;
      }
      this.connections.set(socket, { requests: new TokenBucket(REQUESTS.rate), running: new Set(), strikes: 0, posting: false });
      socket.on('close', closed);
    });
    // Node would answer with a status and no word of ours.
    server.on('checkExpectation', ({ socket }: IncomingMessage) => endWithRefusal(socket, new RelayRefusal('malformed')));
    server.on('upgrade', (_request, socket) => {
      socket.off('close', closed);
      forget(socket);
    });
  }

  private enter({ raw, routeOptions }: FastifyRequest, reply: FastifyReply): RefusalCode | undefined {
    const connection = this.connections.get(raw.socket);
    if (connection === undefined) {
      // The inside of a sealed request that came in already.
      reply.raw.once('finish', () => this.bodies.forget(raw)).once('close', () => this.bodies.forget(raw));
      return undefined;
    }
    this.lastCame = performance.now();
    if (this.closing) return 'shutting-down';
    if (this.running >= REQUESTS.running || connection.running.size >= REQUESTS.runningPerConnection) return 'too-many';
    if (!connection.requests.take()) return 'too-many';
    const isPost = POSTS.has(routeOptions.url);
    if (isPost && connection.posting) return this.cut(raw.socket);
    connection.posting ||= isPost;
    this.running += 1;
    connection.running.add(raw);
    reply.raw.once('close', () => this.leave(raw, connection));
    return undefined;
  }

  /** Posts written behind each other without waiting: no device does that, and forgers would have many looked at for one connection. */
  private cut(socket: Duplex): RefusalCode {
    this.gate?.forged();
    socket.destroy();
    return 'too-many';
  }

  private leave(request: IncomingMessage, connection: Connection): void {
    if (!connection.running.delete(request)) return;
    this.running -= 1;
    this.bodies.forget(request);
  }

  /** Nothing more is read from this connection after this reply. */
  private isLast({ raw, headers, routeOptions }: FastifyRequest, reply: FastifyReply): boolean {
    const connection = this.connections.get(raw.socket);
    if (connection !== undefined) connection.posting &&= !POSTS.has(routeOptions.url);
    const forged = FORGED.has(refusedWith(reply));
    if (forged && connection !== undefined) this.gate?.forged();
    if (connection !== undefined && STRIKING.has(reply.statusCode)) connection.strikes += forged ? REQUESTS.strikes : 1;
    const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
    return this.closing || (connection?.strikes ?? 0) >= REQUESTS.strikes || (hasBody && !raw.complete);
  }

  /** The oldest connection that waits for nothing gives way to a new one. */
  private dropOneIdle(): boolean {
    for (const [socket, { running }] of this.connections) {
      if (running.size > 0) continue;
      this.connections.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
}
