import { describe, expect, it } from 'vitest';
import { type Day, type Week, firstDayOf } from '#shared/ids.ts';
import { goodForPostage, goodForTicket, oldestPostageWeek, oldestTicketWeek, weeksGoodOn } from './weeks.ts';

const WEEK = 2970 as Week;
const day = (offset: number): Day => (firstDayOf(WEEK) + offset) as Day;
const offsetsGoodOn = (today: Day, good: (week: Week, today: Day) => boolean): number[] =>
  Array.from({ length: 13 }, (_, index) => index - 6).filter((offset) => good((WEEK + offset) as Week, today));

describe('weeks', () => {
  it('take postage of their own, and on the two days of a turn of both', () => {
    expect(offsetsGoodOn(day(0), goodForPostage)).toEqual([-1, 0]);
    for (const offset of [1, 2, 3, 4, 5]) expect(offsetsGoodOn(day(offset), goodForPostage)).toEqual([0]);
    expect(offsetsGoodOn(day(6), goodForPostage)).toEqual([0, 1]);
    expect(offsetsGoodOn(day(7), goodForPostage)).toEqual([0, 1]);
    for (let offset = 0; offset < 7; offset += 1) expect(weeksGoodOn(day(offset)).map((week) => week - WEEK), 'all of them listed').toEqual(offsetsGoodOn(day(offset), goodForPostage));
    expect(goodForPostage(WEEK, day(7))).toBe(true);
    expect(goodForPostage(WEEK, day(8))).toBe(false);
  });

  it('take tickets for four more', () => {
    expect(offsetsGoodOn(day(3), goodForTicket)).toEqual([-4, -3, -2, -1, 0]);
    expect(offsetsGoodOn(day(0), goodForTicket)).toEqual([-5, -4, -3, -2, -1, 0]);
    expect(offsetsGoodOn(day(6), goodForTicket)).toEqual([-4, -3, -2, -1, 0, 1]);
  });

  it('remember what was spent for as long as anybody may still take it, and a day longer', () => {
    for (let offset = 0; offset < 60; offset += 1) {
      for (let week = 0; week < 12; week += 1) {
        const spent = (WEEK - 2 + week) as Week;
        if (goodForPostage(spent, day(offset)) || goodForPostage(spent, day(offset - 1))) expect(spent).toBeGreaterThanOrEqual(oldestPostageWeek(day(offset)));
        if (goodForTicket(spent, day(offset)) || goodForTicket(spent, day(offset - 1))) expect(spent).toBeGreaterThanOrEqual(oldestTicketWeek(day(offset)));
      }
    }
    expect(oldestPostageWeek(day(2))).toBe(WEEK);
    expect(oldestPostageWeek(day(1))).toBe(WEEK - 1);
  });
});
