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
/** An invitation lasts three days; its ticket a while longer, for a newcomer who is admitted and then switches off. */
const TICKET_DAYS = 30;

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
   * crash between two of them is made good by the next run.
   *
   * @param today days since 1970. @throws RelayRefusal while the database is away, after the keys are gone
   */
  async forget(today: number): Promise<void> {
    await this.keys.destroy(today);
    await this.store.dropBodies(today);
    for (const [kind, days] of KINDS) await this.store.dropRecords(kind, today - days);
    await this.store.dropKeyPackages(today - RETENTION_DAYS.keyPackage);
    await this.store.dropPools(today - POOL_DAYS);
    await this.store.dropRendezvous(today - RETENTION_DAYS.rendezvous);
    await this.store.dropTickets(today - TICKET_DAYS);
    const oldest = oldestPostageWeek(today as Day);
    await this.store.dropDraws(oldest);
    await this.store.dropSpent(oldest, oldestTicketWeek(today as Day));
    await this.keys.forget(today);
    await this.store.reseat();
  }
}
