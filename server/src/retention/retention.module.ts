import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DueDays } from '../day-keys/due-days.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { OPERATOR, type Operator } from '../operations/operator.ts';
import { RetentionService } from './retention.service.ts';
import { RETENTION_STORE } from './retention.store.ts';
import { RetentionStoreTypeorm } from './retention.store.typeorm.ts';

/** Milliseconds. Looking often means that a day ends when it is over. */
const LOOK_EVERY = 10_000;
/** After a failure: a backup that holds a table is over by then, or the next time. */
const PAUSE = 60_000;
/** How long the order of rows may tell what was written beside what. */
const SHUFFLE_EVERY = 60_000;

@Module({
  providers: [RetentionService, { provide: RETENTION_STORE, useClass: RetentionStoreTypeorm }],
})
export class RetentionModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly retention: RetentionService;
  private readonly operator: Operator;
  private readonly calendar: Calendar;
  private readonly due: DueDays;
  private timer: NodeJS.Timeout | undefined;
  private shuffleTimer: NodeJS.Timeout | undefined;
  private done: number | undefined;
  private looking = false;
  private pausedUntil = 0;
  private told: number | undefined;

  constructor(
    @Inject(RetentionService) retention: RetentionService, @Inject(OPERATOR) operator: Operator,
    @Inject(CALENDAR) calendar: Calendar, @Inject(DueDays) due: DueDays,
  ) {
    this.retention = retention;
    this.operator = operator;
    this.calendar = calendar;
    this.due = due;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY);
    // What keeps it from being done now is no news: it is done the next time.
    this.shuffleTimer = setInterval(() => void this.retention.shuffle().catch(() => undefined), SHUFFLE_EVERY);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    clearInterval(this.shuffleTimer);
  }

  private async look(): Promise<void> {
    const today = this.calendar.today();
    if (this.looking || performance.now() < this.pausedUntil) return;
    this.looking = true;
    try {
      const due = await this.due.look();
      if (this.done !== due) await this.retention.forget(due);
      this.done = due;
    } catch {
      this.pausedUntil = performance.now() + PAUSE;
      if (this.told !== today) this.operator.warn('Not everything that is over could be deleted; trying again every minute.');
      this.told = today;
    } finally {
      this.looking = false;
    }
  }
}
