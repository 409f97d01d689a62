/** One device's tail socket: what it is waiting for, what it may still ask, and how far it is behind. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { RelayRefusal } from '#shared/errors.ts';
import type { ShardIndex } from '#shared/ids.ts';
import { KiB, LIMITS } from '#shared/limits.ts';
import { refusalMessage } from '../http/protobuf.ts';
import { TAIL } from '../overload/figures.ts';
import { TokenBucket } from '../overload/token-bucket.ts';
import type { SharedFrame } from './backlog.ts';
import { eventFrame } from './frames.ts';

/** Close codes of ours (RFC 6455 section 7.4.2 leaves 4000 to 4999 to applications). */
export const CLOSE = { normal: 1000, restarting: 1012, refused: 4001, notOpened: 4002, tooFarBehind: 4008, gaveWay: 4009, tooManyFrames: 4029 } as const;

/** Milliseconds a reader who is sent to the pages has to read the close frame, behind everything that waits before it. */
const LEAVE_WITHIN = 20_000;
/** The same for one whose place another has taken. */
const GIVE_WAY_WITHIN = 1_000;
const FRAME_BYTES = 4 * KiB;

export class TailSocket {
  /** Empty until the tail is open. */
  shards: readonly ShardIndex[] = [];
  /** Base64 of the pass that opened it. */
  pass = '';
  state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  /** Milliseconds of the monotonic clock. */
  readonly since = performance.now();
  /** An answer to the latest ping came. */
  alive = true;
  private readonly socket: WebSocket;
  private readonly wire: Duplex;
  private frames: TokenBucket | undefined;

  /** @param wire the connection below the WebSocket: frames that are the same for everybody are written to it directly */
  constructor(socket: WebSocket, wire: Duplex) {
    this.socket = socket;
    this.wire = wire;
  }

  /** Bytes that the reader has not taken yet. */
  get behind(): number {
    return this.wire.writableLength;
  }

  /** Whether a frame of so many bytes is within the rate of this socket. */
  mayAsk(bytes: number): boolean {
    this.frames ??= new TokenBucket(TAIL.frames);
    return this.frames.take(1 + Math.floor(bytes / FRAME_BYTES));
  }

  /** Writes a whole frame, or closes a socket whose reader is too far behind: it will read pages. */
  send(frame: Buffer): void {
    if (this.isReadyFor()) this.wire.write(frame);
  }

  /** The same for a frame that many get. */
  share(frame: SharedFrame): void {
    if (!this.isReadyFor()) return;
    frame.sent();
    this.wire.write(frame.bytes, frame.taken);
  }

  refuse(refusal: RelayRefusal): void {
    this.send(eventFrame({ case: 'refusal', value: refusalMessage(refusal) }));
  }

  close(code: number): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    // ws hangs up by itself when the other side does not say goodbye within 30 seconds.
    this.socket.close(code);
  }

  /** To the pages: the memory is needed, so the goodbye is short. */
  leave(): void {
    if (this.state === 'closed') return;
    this.close(CLOSE.tooFarBehind);
    setTimeout(() => this.terminate(), LEAVE_WITHIN).unref();
  }

  /** Another has its place. */
  giveWay(): void {
    this.close(CLOSE.gaveWay);
    setTimeout(() => this.terminate(), GIVE_WAY_WITHIN).unref();
  }

  terminate(): void {
    this.state = 'closed';
    this.socket.terminate();
  }

  /** The other side asks whether anybody is there. */
  pong(data: Buffer): void {
    if (this.isReadyFor()) this.socket.pong(data);
  }

  /** Asks whether anybody is there, and hangs up on a socket that did not answer the last time. */
  heartbeat(): void {
    if (!this.alive) return this.terminate();
    this.alive = false;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
  }

  private isReadyFor(): boolean {
    if (this.state === 'closed' || this.socket.readyState !== this.socket.OPEN) return false;
    if (this.wire.writableLength <= LIMITS.tailBacklog) return true;
    this.leave();
    return false;
  }
}
