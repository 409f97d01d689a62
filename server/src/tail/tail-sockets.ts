/** All tail sockets of this process, by the shards they wait for, and the memory they may take together. */
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { PassId, ShardIndex } from '#shared/ids.ts';
import type { StoredRecord } from '../log/stored-record.ts';
import { BOUNDS, type Bounds, TAIL } from '../overload/figures.ts';
import { Backlog } from './backlog.ts';
import { batchFrames } from './frames.ts';
import { type FeedReader, TailFeed } from './tail-feed.ts';
import { CLOSE, type TailSocket } from './tail-socket.ts';

/** Milliseconds: a socket that is not opened within this is closed. */
const OPEN_WITHIN = 10_000;
/** Of the readers that are behind, the furthest: so many are sent to the pages at a time. */
const SHARE_TO_LEAVE = 1 / 8;

@Injectable()
export class TailSockets implements FeedReader {
  private readonly most: Bounds;
  private readonly byShard = new Map<ShardIndex, Set<TailSocket>>();
  private readonly all = new Set<TailSocket>();
  private readonly unopened = new Set<TailSocket>();
  /** The oldest of each pass first. */
  private readonly byPass = new Map<string, Set<TailSocket>>();
  private readonly backlog = new Backlog();
  private subscriptions = 0;

  constructor(@Inject(TailFeed) feed: TailFeed, @Inject(BOUNDS) bounds: Bounds) {
    this.most = bounds;
    feed.attach(this);
  }

  count(): { readonly all: number; readonly unopened: number } {
    return { all: this.all.size, unopened: this.unopened.size };
  }

  add(socket: TailSocket): void {
    this.all.add(socket);
    this.unopened.add(socket);
  }

  /** From now on the socket gets every record of its shards that is delivered. @throws RelayRefusal too-many */
  open(socket: TailSocket, pass: PassId, shards: readonly ShardIndex[]): void {
    this.makeRoomFor(Buffer.from(pass).toString('base64'), socket);
    if (this.subscriptions + shards.length > this.most.tailSockets * TAIL.subscriptionsPerSocket) throw new RelayRefusal('too-many');
    this.subscriptions += shards.length;
    this.unopened.delete(socket);
    socket.shards = shards;
    for (const shard of shards) {
      const sockets = this.byShard.get(shard) ?? new Set();
      sockets.add(socket);
      this.byShard.set(shard, sockets);
    }
  }

  /** The oldest that nobody has opened is hung up on. @returns false where there is none */
  dropOneUnopened(): boolean {
    for (const socket of this.unopened) {
      if (socket.state !== 'new') continue;
      this.remove(socket);
      socket.terminate();
      return true;
    }
    return false;
  }

  remove(socket: TailSocket): void {
    if (!this.all.delete(socket)) return;
    this.unopened.delete(socket);
    this.leavePass(socket);
    this.subscriptions -= socket.shards.length;
    for (const shard of socket.shards) this.byShard.get(shard)?.delete(socket);
  }

  private makeRoomFor(pass: string, socket: TailSocket): void {
    const sockets = this.byPass.get(pass) ?? new Set();
    const [oldest] = sockets;
    if (oldest !== undefined && sockets.size >= this.most.tailsOfAPass) {
      this.leavePass(oldest);
      oldest.giveWay();
    }
    socket.pass = pass;
    this.byPass.set(pass, sockets.add(socket));
  }

  private leavePass(socket: TailSocket): void {
    const sockets = this.byPass.get(socket.pass);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.byPass.delete(socket.pass);
  }

  records(shard: ShardIndex, records: readonly StoredRecord[]): void {
    const sockets = this.byShard.get(shard);
    if (sockets === undefined || sockets.size === 0) return;
    // Encoded once, whatever the number of readers.
    for (const bytes of batchFrames(shard, records)) {
      const frame = this.backlog.frame(bytes);
      for (const socket of sockets) socket.share(frame);
    }
    this.relieve();
  }

  broken(): void {
    this.closeAll(CLOSE.restarting);
  }

  closeAll(code: number): void {
    for (const socket of [...this.all]) socket.close(code);
  }

  heartbeat(): void {
    for (const socket of [...this.all]) socket.heartbeat();
  }

  /** Hangs up on those that were never opened: one look at them now and then instead of a timer for each. */
  closeUnopened(now = performance.now()): void {
    for (const socket of [...this.unopened]) if (socket.state === 'new' && now - socket.since > OPEN_WITHIN) socket.close(CLOSE.notOpened);
  }

  /** Keeps what waits for slow readers within its bound: the furthest behind are sent to the pages, and hung up on where that is not enough. */
  relieve(): void {
    if (this.backlog.bytes <= this.most.tailBytes) return;
    const behind = [...this.all].filter((socket) => socket.behind > 0).sort((one, other) => other.behind - one.behind);
    const leaving = behind.filter(({ state }) => state === 'closed');
    if (this.backlog.bytes > this.most.tailBytes * 1.25) leaving.forEach((socket) => socket.terminate());
    const staying = behind.filter(({ state }) => state !== 'closed');
    staying.slice(0, Math.ceil(staying.length * SHARE_TO_LEAVE)).forEach((socket) => socket.leave());
  }
}
