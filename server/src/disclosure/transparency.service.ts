/** The counts for everybody: made once a day at the first asking, and the same for the whole day, whoever asks and however often. */
import { Inject, Injectable } from '@nestjs/common';
import type { Day } from '#shared/ids.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { ABSENT, isoDay } from './disclosure.ts';
import { DisclosureService } from './disclosure.service.ts';
import { TRANSPARENCY_STORE, type TransparencyStore } from './transparency.store.ts';

@Injectable()
export class TransparencyService {
  private readonly disclosure: DisclosureService;
  private readonly store: TransparencyStore;
  private readonly calendar: Calendar;
  private made: { readonly day: Day; readonly report: Promise<string> } | undefined;

  constructor(
    @Inject(DisclosureService) disclosure: DisclosureService, @Inject(TRANSPARENCY_STORE) store: TransparencyStore, @Inject(CALENDAR) calendar: Calendar,
  ) {
    this.disclosure = disclosure;
    this.store = store;
    this.calendar = calendar;
  }

  /** JSON. However many ask at once, it is counted once. @throws RelayRefusal while the database is away */
  async report(): Promise<string> {
    const day = this.calendar.today();
    if (this.made?.day !== day) this.made = { day, report: this.make(day) };
    const { report } = this.made;
    try {
      return await report;
    } catch (error) {
      if (this.made?.report === report) this.made = undefined;
      throw error;
    }
  }

  private async make(day: Day): Promise<string> {
    const kept = await this.store.report(day);
    if (kept !== undefined) return kept;
    const lines = await this.disclosure.openLines(day);
    return this.store.keep(day, JSON.stringify({ day: isoDay(day), about: ABOUT, lines, absent: ABSENT }));
  }
}

const ABOUT = 'Counts from the database of this Thicket relay, made once on this day (UTC); records of the day itself are left out. '
  + 'They are taken by the same code as `thicket-relay disclose`, with which the operator answers demands.';
