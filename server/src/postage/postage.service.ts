/**
 * What a request pays with. Everything that costs does the same:
 *
 *   const paid = await postage.verify(request.postage, cost);   // after what is cheaper to look at
 *   ... the signature; if it is bad: await postage.burn(paid) ...
 *   await database.transaction(async (sql) => { ...store it...; await spend(sql, paid); });   // spend.ts
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { weekOf } from '#shared/ids.ts';
import { KiB, MiB } from '#shared/limits.ts';
import { tokenVerifier } from '#shared/voprf/tokens.ts';
import { FoundingService } from '../founding/founding.service.ts';
import { Batcher } from '../database/batcher.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { Issuer } from './issuer.ts';
import { SPENT_STORE, type SpentStore } from './spent.store.ts';
import { type PaidToken, type ShownToken, shownTokens } from './tokens.ts';
import { goodForPostage } from './weeks.ts';

/** Tokens verified in one turn of the event loop, so that many of them keep nobody else waiting. */
const AT_ONCE = 8;
/** Tokens burnt together; a row of a nonce and a week has some hundred bytes. */
const BURNS = { items: 256, bytes: 256 * KiB, waitingBytes: MiB, sizeOf: (tokens: readonly PaidToken[]) => tokens.length * 100 } as const;

@Injectable()
export class PostageService {
  private readonly store: SpentStore;
  private readonly burns: Batcher<readonly PaidToken[], void>;
  private readonly issuer: Issuer;
  private readonly founding: FoundingService;
  private readonly calendar: Calendar;
  private verifier: ReturnType<typeof tokenVerifier> | undefined;

  constructor(
    @Inject(SPENT_STORE) store: SpentStore, @Inject(Issuer) issuer: Issuer, @Inject(FoundingService) founding: FoundingService,
    @Inject(CALENDAR) calendar: Calendar,
  ) {
    this.store = store;
    this.burns = new Batcher<readonly PaidToken[], void>(async (batch) => {
      await store.burn(batch.flat());
      return batch.map(() => undefined);
    }, BURNS);
    this.issuer = issuer;
    this.founding = founding;
    this.calendar = calendar;
  }

  /** @param count what the request costs. @throws RelayRefusal no-postage, bad-field, postage-spent, wrong-week, bad-postage */
  async verify(postage: Uint8Array, count: number): Promise<readonly PaidToken[]> {
    const shown = shownTokens(postage, count);
    // Looking is cheaper than computing, and who sends spent tokens again and again should cost us little.
    if (shown.length > 0 && (await this.store.anySpent(shown))) throw new RelayRefusal('postage-spent');
    return this.verifyShown(shown);
  }

  /** For who has looked already whether they are spent. @throws RelayRefusal wrong-week, bad-postage */
  async verifyShown(shown: readonly ShownToken[]): Promise<readonly PaidToken[]> {
    if (shown.length === 0) return [];
    const today = this.calendar.today();
    if (!shown.every(({ week }) => goodForPostage(week, today))) throw new RelayRefusal('wrong-week', { currentWeek: weekOf(today) });
    const verifies = await this.verifierOfHub();
    for (const [index, { bytes }] of shown.entries()) {
      if (index > 0 && index % AT_ONCE === 0) await nextTurn();
      if (!(await verifies(bytes))) throw new RelayRefusal('bad-postage');
    }
    return shown.map(({ week, nonce }) => ({ week, nonce }) as PaidToken);
  }

  /** Neither key nor hub ever change. @throws RelayRefusal not-founded, or the database is away */
  private async verifierOfHub(): Promise<ReturnType<typeof tokenVerifier>> {
    if (this.verifier === undefined) {
      const [{ secretKey }, hub] = await Promise.all([this.issuer.keys(), this.founding.hub()]);
      this.verifier = tokenVerifier(secretKey, 'postage', hub);
    }
    return this.verifier;
  }

  /** What came with a bad signature is spent all the same, so that a flood of them costs its sender an allowance. */
  async burn(paid: readonly PaidToken[]): Promise<void> {
    await this.burns.add(paid);
  }
}
