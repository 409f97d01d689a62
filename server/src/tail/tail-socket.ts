/** One device's tail socket: what it is waiting for, and how far it is behind. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { RelayRefusal } from '#shared/errors.ts';
import type { ShardIndex } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { refusalMessage } from '../http/protobuf.ts';
import { eventFrame } from './frames.ts';

/** Close codes of ours (RFC 6455 section 7.4.2 leaves 4000 to 4999 to applications). */
export const CLOSE = { normal: 1000, restarting: 1012, refused: 4001, notOpened: 4002, tooFarBehind: 4008 } as const;

export class TailSocket {
  /** Empty until the tail is open. */
  shards: readonly ShardIndex[] = [];
  state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  /** An answer to the latest ping came. */
  alive = true;
  private readonly socket: WebSocket;
  private readonly wire: Duplex;

  /** @param wire the connection below the WebSocket: frames that are the same for everybody are written to it directly */
  constructor(socket: WebSocket, wire: Duplex) {
    this.socket = socket;
    this.wire = wire;
    socket.on('pong', () => {
      this.alive = true;
    });
  }

  /** Writes a whole frame, or closes a socket whose reader is too far behind: it will read pages. */
  send(frame: Buffer): void {
    if (this.state === 'closed' || this.socket.readyState !== this.socket.OPEN) return;
    if (this.wire.writableLength > LIMITS.tailBacklog) this.close(CLOSE.tooFarBehind);
    else this.wire.write(frame);
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

  /** Asks whether anybody is there, and hangs up on a socket that did not answer the last time. */
  heartbeat(): void {
    if (!this.alive) {
      this.state = 'closed';
      this.socket.terminate();
      return;
    }
    this.alive = false;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
  }
}
