/** Blind tickets: tokens of the other kind, good for a pass each. */
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { Week } from '#shared/ids.ts';
import { nonceOfToken, verifyToken, weekOfToken } from '#shared/voprf/tokens.ts';
import { FoundingService } from '../founding/founding.service.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { Issuer } from './issuer.ts';
import type { TokenName } from './tokens.ts';
import { goodForTicket } from './weeks.ts';

@Injectable()
export class TicketsService {
  private readonly issuer: Issuer;
  private readonly founding: FoundingService;
  private readonly calendar: Calendar;

  constructor(@Inject(Issuer) issuer: Issuer, @Inject(FoundingService) founding: FoundingService, @Inject(CALENDAR) calendar: Calendar) {
    this.issuer = issuer;
    this.founding = founding;
    this.calendar = calendar;
  }

  /** @param ticket 100 bytes. @throws RelayRefusal bad-ticket */
  async verify(ticket: Uint8Array): Promise<TokenName> {
    const week = weekOfToken(ticket);
    if (week === undefined || !goodForTicket(week, this.calendar.today())) throw new RelayRefusal('bad-ticket');
    const [{ secretKey }, hub] = await Promise.all([this.issuer.keys(), this.founding.hub()]);
    if (!(await verifyToken(secretKey, 'ticket', hub, ticket))) throw new RelayRefusal('bad-ticket');
    return { week: week as Week, nonce: nonceOfToken(ticket) };
  }
}
