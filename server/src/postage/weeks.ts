/** Which weeks' tokens are good on a day. Pure; the day comes from the calendar. */
import { type Day, type Week, weekOf } from '#shared/ids.ts';

/** Weeks a ticket is good for after the one it was drawn in: an invitation may wait, and so may who was admitted. */
const TICKET_WEEKS_MORE = 4;
/** One day because devices' clocks differ from the relay's, and one because relays' do from each other's. */
const KEPT_DAYS_MORE = 2;

/** The week of the day; on the last and first day of a week, also the week across the turn. */
export const goodForPostage = (week: Week, today: Day): boolean => week >= weekOf((today - 1) as Day) && week <= weekOf((today + 1) as Day);

/** All of those weeks: what may be drawn, and spent, on the day. */
export const weeksGoodOn = (today: Day): readonly Week[] => [...new Set([today - 1, today, today + 1].map((day) => weekOf(day as Day)))];

/** Good from when it could be drawn, and four weeks longer than postage of the same week. */
export const goodForTicket = (week: Week, today: Day): boolean =>
  week + TICKET_WEEKS_MORE >= weekOf((today - 1) as Day) && week <= weekOf((today + 1) as Day);

/** Postage of weeks before this one is refused by everybody, so what was spent of it need not be remembered. */
export const oldestPostageWeek = (today: Day): Week => weekOf((today - KEPT_DAYS_MORE) as Day);
/** The same of tickets. */
export const oldestTicketWeek = (today: Day): Week => Math.max(0, oldestPostageWeek(today) - TICKET_WEEKS_MORE) as Week;
