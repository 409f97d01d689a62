import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { OPERATOR, type Operator } from '../operations/operator.ts';
import { RetentionService } from './retention.service.ts';
import { RETENTION_STORE } from './retention.store.ts';
import { RetentionStoreTypeorm } from './retention.store.typeorm.ts';

/** Milliseconds. Looking every hour means no day is missed by a clock or a database that was away. */
const LOOK_EVERY = 3_600_000;

@Module({
  providers: [RetentionService, { provide: RETENTION_STORE, useClass: RetentionStoreTypeorm }],
})
export class RetentionModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly retention: RetentionService;
  private readonly operator: Operator;
  private readonly calendar: Calendar;
  private timer: NodeJS.Timeout | undefined;
  private done: number | undefined;

  constructor(@Inject(RetentionService) retention: RetentionService, @Inject(OPERATOR) operator: Operator, @Inject(CALENDAR) calendar: Calendar) {
    this.retention = retention;
    this.operator = operator;
    this.calendar = calendar;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const today = this.calendar.today();
    if (this.done === today) return;
    try {
      await this.retention.forget(today);
      this.done = today;
    } catch {
      this.operator.warn('Old records could not be deleted; trying again within the hour.');
    }
  }
}
