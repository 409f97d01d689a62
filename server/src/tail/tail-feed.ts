/**
 * What every tail socket is sent, in order and without gaps. Records appended by this process come straight from its
 * transactions; what another process wrote, or what got lost on the way here, is read from the log.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { ShardIndex } from '#shared/ids.ts';
import { LogService } from '../log/log.service.ts';
import type { StoredRecord } from '../log/stored-record.ts';
import { LayoutService } from '../shards/layout.service.ts';

export interface FeedReader {
  /** The next records of the shard, right above what was delivered before. */
  records(shard: ShardIndex, records: readonly StoredRecord[]): void;
  /** The log is not the one that was delivered so far: everybody must begin again. */
  broken(): void;
}

@Injectable()
export class TailFeed {
  private readonly log: LogService;
  private readonly layout: LayoutService;
  private readonly delivered = new Map<ShardIndex, number>();
  private readonly catchingUp = new Map<ShardIndex, { again: boolean }>();
  private reader: FeedReader | undefined;
  /** Told before anybody else when the log is not the one it was: how far it had come. Never throws. */
  whenShorter: (delivered: ReadonlyMap<ShardIndex, number>) => Promise<void> = async () => undefined;

  constructor(@Inject(LogService) log: LogService, @Inject(LayoutService) layout: LayoutService) {
    this.log = log;
    this.layout = layout;
  }

  attach(reader: FeedReader): void {
    this.reader = reader;
  }

  /** Newest sequence number delivered in each shard; what is above will be delivered. */
  heads(): ReadonlyMap<ShardIndex, number> {
    return this.delivered;
  }

  /** Records just committed, in order. Never throws. */
  offer(shard: ShardIndex, records: readonly StoredRecord[]): void {
    const head = this.delivered.get(shard) ?? 0;
    const fresh = records.filter(({ seq }) => seq > head);
    if (fresh[0] === undefined) return;
    if (fresh[0].seq === head + 1) this.deliver(shard, fresh);
    else void this.catchUp(shard);
  }

  /**
   * Compares with the log. Before anything was delivered, delivery begins at its heads. Where there are new shards, everybody
   * has to ask which ones to wait for. @throws RelayRefusal
   */
  async refresh(): Promise<void> {
    const isFirst = this.delivered.size === 0;
    let isNew = false;
    for (const [shard, head] of await this.log.heads()) {
      const delivered = this.delivered.get(shard);
      if (delivered === undefined) {
        this.delivered.set(shard, head);
        isNew = true;
      } else if (head < delivered) await this.checkRollback(shard);
      else if (head > delivered) await this.catchUp(shard);
    }
    if (!isNew || isFirst) return;
    await this.layout.refresh();
    this.reader?.broken();
  }

  /** Reads and delivers what is in the log above the last delivery. Never throws: the next notice or glance tries again. */
  async catchUp(shard: ShardIndex): Promise<void> {
    const running = this.catchingUp.get(shard);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const state = { again: true };
    this.catchingUp.set(shard, state);
    try {
      while (state.again) {
        state.again = false;
        await this.readOn(shard);
      }
    } catch {
      // The database is away.
    } finally {
      this.catchingUp.delete(shard);
    }
  }

  private async readOn(shard: ShardIndex): Promise<void> {
    const from = this.delivered.get(shard);
    if (from === undefined) return;
    for await (const piece of this.log.above(shard, from)) {
      // Own transactions may have delivered some of it meanwhile.
      const head = this.delivered.get(shard) ?? 0;
      const records = piece.filter(({ seq }) => seq > head);
      if (records[0] === undefined) continue;
      if (records[0].seq !== head + 1) return this.beginAgain();
      this.deliver(shard, records);
    }
  }

  /** Asked once more, because a delivery may have overtaken the first answer. */
  private async checkRollback(shard: ShardIndex): Promise<void> {
    const delivered = this.delivered.get(shard) ?? 0;
    const head = (await this.log.heads()).get(shard);
    if (head !== undefined && head < delivered) await this.beginAgain();
  }

  /** An older database was restored, or records expired before they could be delivered. */
  private async beginAgain(): Promise<void> {
    await this.whenShorter(this.delivered);
    await this.layout.refresh();
    this.reader?.broken();
    for (const [shard, head] of await this.log.heads()) this.delivered.set(shard, head);
  }

  private deliver(shard: ShardIndex, records: readonly StoredRecord[]): void {
    const last = records.at(-1);
    if (last === undefined) return;
    this.delivered.set(shard, last.seq);
    this.reader?.records(shard, records);
  }
}
