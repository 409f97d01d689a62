/** Pools of sealed key packages under random ids: each handed out once, the last-resort one again and again. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { type PoolId, type Secret32 } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { POOLS_STORE, type PoolsStore } from './pools.store.ts';

@Injectable()
export class PoolsService {
  private readonly store: PoolsStore;
  private readonly calendar: Calendar;

  constructor(@Inject(POOLS_STORE) store: PoolsStore, @Inject(CALENDAR) calendar: Calendar) {
    this.store = store;
    this.calendar = calendar;
  }

  /** @returns packages waiting now, without the last-resort one. @throws RelayRefusal not-owner, pool-full */
  async fill(request: { pool: PoolId; owner: Secret32; packages: readonly Uint8Array[]; lastResort: Uint8Array | undefined; anew: boolean }): Promise<number> {
    const { pool, packages, lastResort, anew } = request;
    const ownerHash = createHash('sha256').update(request.owner).digest();
    const outcome = await this.store.fill({ pool, ownerHash, packages, lastResort, anew, most: LIMITS.packagesPerPool, day: this.calendar.today() });
    if (outcome.what !== 'filled') throw new RelayRefusal(outcome.what);
    return outcome.waiting;
  }

  /** @throws RelayRefusal unknown-pool, pool-empty */
  async take(pool: PoolId): Promise<{ readonly sealed: Uint8Array; readonly lastResort: boolean }> {
    const outcome = await this.store.take(pool);
    if (outcome.what !== 'taken') throw new RelayRefusal(outcome.what);
    return { sealed: outcome.package, lastResort: outcome.lastResort };
  }
}
