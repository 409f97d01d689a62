/** Drawing tokens: a pass shows itself, the tokens do not. What is counted here is never joined to what is spent. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { type PassId, type Week, weekOf } from '#shared/ids.ts';
import { type TokenKind, evaluateTokens, tokenInfo } from '#shared/voprf/tokens.ts';
import { FoundingService } from '../founding/founding.service.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { DRAWS_STORE, type DrawsStore } from './draws.store.ts';
import { Issuer } from './issuer.ts';
import { LastDraws } from './last-draws.ts';
import { goodForPostage } from './weeks.ts';

export interface Draw {
  readonly pass: PassId;
  readonly kind: TokenKind;
  readonly week: Week;
  readonly blinded: readonly Uint8Array[];
}
export interface Drawn {
  readonly evaluated: readonly Uint8Array[];
  readonly proof: Uint8Array;
  /** What the pass may still draw of this kind in this week. */
  readonly left: number;
}

/** As in the wire's TokenKind. */
const KIND_NUMBERS = { postage: 1, ticket: 2 } as const satisfies Record<TokenKind, number>;

@Injectable()
export class DrawsService {
  private readonly store: DrawsStore;
  private readonly issuer: Issuer;
  private readonly founding: FoundingService;
  private readonly calendar: Calendar;
  private readonly last = new LastDraws();

  constructor(
    @Inject(DRAWS_STORE) store: DrawsStore, @Inject(Issuer) issuer: Issuer, @Inject(FoundingService) founding: FoundingService,
    @Inject(CALENDAR) calendar: Calendar,
  ) {
    this.store = store;
    this.issuer = issuer;
    this.founding = founding;
    this.calendar = calendar;
  }

  /** @throws RelayRefusal not-founded, wrong-week, bad-field, allowance-drawn */
  async draw({ pass, kind, week, blinded }: Draw): Promise<Drawn> {
    const today = this.calendar.today();
    if (!goodForPostage(week, today)) throw new RelayRefusal('wrong-week', { currentWeek: weekOf(today) });
    const [{ secretKey }, hub] = await Promise.all([this.issuer.keys(), this.founding.hub()]);
    const allowance = kind === 'postage' ? this.issuer.allowance.postage : this.issuer.allowance.tickets;
    const requestHash = createHash('sha256').update(Buffer.concat(blinded)).digest();
    // Counted first, so that nobody has the relay compute more than the allowance by asking for what is refused.
    const drawn = await this.store.count({ week, pass, kind: KIND_NUMBERS[kind], tokens: blinded.length, requestHash, allowance });
    if (drawn === undefined) throw new RelayRefusal('allowance-drawn');
    const reply = await this.last.of({ pass, kind: KIND_NUMBERS[kind], week, requestHash }, () =>
      evaluateTokens(secretKey, tokenInfo(kind, hub, week), blinded, nextTurn));
    if (reply === undefined) throw new RelayRefusal('bad-field');
    // An operator may have lowered the allowance since.
    return { ...reply, left: Math.max(0, allowance - drawn) };
  }
}
