/** All tail sockets of this process, by the shards they wait for. */
import { Inject, Injectable } from '@nestjs/common';
import type { ShardIndex } from '#shared/ids.ts';
import type { StoredRecord } from '../log/stored-record.ts';
import { batchFrames } from './frames.ts';
import { type FeedReader, TailFeed } from './tail-feed.ts';
import { CLOSE, type TailSocket } from './tail-socket.ts';

@Injectable()
export class TailSockets implements FeedReader {
  private readonly byShard = new Map<ShardIndex, Set<TailSocket>>();
  private readonly all = new Set<TailSocket>();

  constructor(@Inject(TailFeed) feed: TailFeed) {
    feed.attach(this);
  }

  add(socket: TailSocket): void {
    this.all.add(socket);
  }

  /** From now on the socket gets every record of its shards that is delivered. */
  open(socket: TailSocket): void {
    for (const shard of socket.shards) {
      const sockets = this.byShard.get(shard) ?? new Set();
      sockets.add(socket);
      this.byShard.set(shard, sockets);
    }
  }

  remove(socket: TailSocket): void {
    this.all.delete(socket);
    for (const shard of socket.shards) this.byShard.get(shard)?.delete(socket);
  }

  records(shard: ShardIndex, records: readonly StoredRecord[]): void {
    const sockets = this.byShard.get(shard);
    if (sockets === undefined || sockets.size === 0) return;
    // Encoded once, whatever the number of readers.
    for (const frame of batchFrames(shard, records)) {
      for (const socket of sockets) socket.send(frame);
    }
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
}
