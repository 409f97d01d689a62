/** The only clock the relay stores anything by: it knows days. */
import { type Day, dayOf } from '#shared/ids.ts';

export interface Calendar {
  today(): Day;
}

export const CALENDAR = Symbol('Calendar');

export const systemCalendar: Calendar = { today: () => dayOf(Date.now()) };
