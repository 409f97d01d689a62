/** Pools of sealed key packages under random ids: each handed out once, the last-resort one again and again. */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { type PoolId, type Secret32 } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { SINGLE_COST, poolCost } from '#shared/postage.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { PostageService } from '../postage/postage.service.ts';
import { POOLS_STORE, type PoolsStore } from './pools.store.ts';

@Injectable()
export class PoolsService {
  private readonly store: PoolsStore;
  private readonly calendar: Calendar;
  private readonly postage: PostageService;

  constructor(
    @Inject(POOLS_STORE) store: PoolsStore, @Inject(CALENDAR) calendar: Calendar, @Inject(PostageService) postage: PostageService,
  ) {
    this.store = store;
    this.calendar = calendar;
    this.postage = postage;
  }

  /** @returns packages waiting now, without the last-resort one. @throws RelayRefusal not-owner, pool-full, and what PostageService.verify throws */
  async fill(request: {
    pool: PoolId; owner: Secret32; packages: readonly Uint8Array[]; lastResort: Uint8Array | undefined; anew: boolean; postage: Uint8Array;
  }): Promise<number> {
    const { pool, packages, lastResort, anew } = request;
    const ownerHash = createHash('sha256').update(request.owner).digest();
    const paid = await this.postage.verify(request.postage, poolCost(lastResort === undefined ? packages : [...packages, lastResort]));
    const outcome = await this.store.fill({ pool, ownerHash, packages, lastResort, anew, most: LIMITS.packagesPerPool, day: this.calendar.today(), paid });
    if (outcome.what !== 'filled') throw new RelayRefusal(outcome.what);
    return outcome.waiting;
  }

  /** @throws RelayRefusal unknown-pool, pool-empty, and what PostageService.verify throws */
  async take(pool: PoolId, postage: Uint8Array): Promise<{ readonly sealed: Uint8Array; readonly lastResort: boolean }> {
    const outcome = await this.store.take(pool, await this.postage.verify(postage, SINGLE_COST));
    if (outcome.what !== 'taken') throw new RelayRefusal(outcome.what);
    return { sealed: outcome.package, lastResort: outcome.lastResort };
  }
}
