/** Keeps the file of heads: at the stop, every day, and every so many records, which is rarely enough to cost nothing. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { ShardIndex } from '#shared/ids.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { OPERATOR, type Operator } from '../operations/operator.ts';
import { TailFeed } from '../tail/tail-feed.ts';
import type { HeadsFile } from './heads-file.ts';
import { LAYOUT_STORE, type LayoutStore } from './layout.store.ts';
import type { Heads } from './next-generation.ts';
import { higherOf, mendAfterRollback } from './rollback.ts';

export const HEADS_FILE = Symbol('HeadsFile');

/** Records of a shard. */
const STEP = 1_024;
/** Milliseconds. */
const LOOK_EVERY = 5_000;

@Injectable()
export class HeadsKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly file: HeadsFile;
  private readonly feed: TailFeed;
  private readonly store: LayoutStore;
  private readonly calendar: Calendar;
  private readonly operator: Operator;
  private written: { readonly heads: Heads; readonly day: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(HEADS_FILE) file: HeadsFile, @Inject(TailFeed) feed: TailFeed, @Inject(LAYOUT_STORE) store: LayoutStore,
    @Inject(CALENDAR) calendar: Calendar, @Inject(OPERATOR) operator: Operator,
  ) {
    this.file = file;
    this.feed = feed;
    this.store = store;
    this.calendar = calendar;
    this.operator = operator;
    feed.whenShorter = (delivered) => this.mend(delivered);
  }

  onApplicationBootstrap(): void {
    this.written = { heads: new Map(this.feed.heads()), day: this.calendar.today() };
    this.timer = setInterval(() => void this.look(), LOOK_EVERY);
  }

  /** After everything taken is in the log or refused. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.feed.refresh().catch(() => undefined);
    await this.write();
  }

  private async look(): Promise<void> {
    const isDue = this.written?.day !== this.calendar.today()
      || [...this.feed.heads()].some(([shard, head]) => head >= (this.written?.heads.get(shard) ?? 0) + STEP);
    if (isDue) await this.write();
  }

  private async write(): Promise<void> {
    const day = this.calendar.today();
    const heads: Heads = new Map(this.feed.heads());
    if (heads.size === 0) return;
    try {
      // Another process may have written more.
      await this.file.write(higherOf((await this.file.read()) ?? new Map(), heads), day);
      this.written = { heads, day };
    } catch {
      this.operator.warn('The folder THICKET_KEYS cannot be written.');
    }
  }

  private async mend(delivered: ReadonlyMap<ShardIndex, number>): Promise<void> {
    await mendAfterRollback(this.store, this.file, this.calendar.today(), this.operator, delivered).catch(() => undefined);
  }
}
