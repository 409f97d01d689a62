/** Forgetting: at the start and every day, everything older than it may be. */
import { Inject, Injectable } from '@nestjs/common';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { Day } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { DayKeys } from '../day-keys/day-keys.ts';
import { oldestPostageWeek, oldestTicketWeek } from '../postage/weeks.ts';
import { RETENTION_STORE, type RetentionStore } from './retention.store.ts';

const KINDS = [
  [Kind.POST, RETENTION_DAYS.post],
  [Kind.COMMIT, RETENTION_DAYS.commit],
  [Kind.DROP, RETENTION_DAYS.drop],
  [Kind.NOTICE, RETENTION_DAYS.notice],
] as const;

/** A device away for longer than commits are kept cannot follow on anyway, so nobody needs to reach it. */
const POOL_DAYS = RETENTION_DAYS.commit;

@Injectable()
export class RetentionService {
  private readonly store: RetentionStore;
  private readonly keys: DayKeys;

  constructor(@Inject(RETENTION_STORE) store: RetentionStore, @Inject(DayKeys) keys: DayKeys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * Keys first: they need no database, and without them nothing else matters any more. Every step may be repeated, so a
   * crash between two of them is made good by the next run; one that fails keeps none of the others from being done.
   *
   * @param today days since 1970. @throws what the first failing step threw, such as RelayRefusal while the database is away
   */
  async forget(today: number): Promise<void> {
    const oldest = oldestPostageWeek(today as Day);
    const steps = [
      () => this.keys.destroy(today),
      () => this.store.dropBodies(today),
      ...KINDS.map(([kind, days]) => () => this.store.dropRecords(kind, today - days)),
      () => this.store.dropKeyPackages(today - RETENTION_DAYS.keyPackage),
      () => this.store.dropPools(today - POOL_DAYS),
      () => this.store.dropRendezvous(today - RETENTION_DAYS.rendezvous),
      () => this.store.dropDraws(oldest),
      () => this.store.dropSpent(oldest, oldestTicketWeek(today as Day)),
      () => this.keys.forget(today),
      () => this.store.reseat('all'),
    ];
    const failures: unknown[] = [];
    for (const step of steps) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  /** Many times a day: the rows that came since must not tell beside what they came. @throws RelayRefusal */
  shuffle(): Promise<void> {
    return this.store.reseat('narrow');
  }
}
