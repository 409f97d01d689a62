import { describe, expect, it } from 'vitest';
import { type DaysRun, dueDay, settle } from './clock-jumps.ts';

/** What is due at each look of a relay that is shown these days, one after the other, from day 100 on. */
function dueOver(...days: readonly number[]): number[] {
  let known: DaysRun = { believed: 100, doubted: undefined };
  return days.map((today) => {
    const due = dueDay(known, today);
    known = settle(known, today);
    expect(dueDay(known, today), 'the same before and after it was written down').toBe(due);
    return due;
  });
}

describe('a clock', () => {
  it('that goes from day to day, or was off over a long weekend, is believed', () => {
    expect(dueOver(100, 101, 102, 105, 106, 109)).toEqual([100, 101, 102, 105, 106, 109]);
  });

  it('that jumps ahead for a while destroys nothing, however far and however often', () => {
    expect(dueOver(130, 100, 131, 101, 20_000, 101, 20_001, 102)).toEqual([100, 100, 100, 101, 101, 101, 101, 102]);
    expect(dueOver(130, 131, 101, 131, 102, 132, 102), 'nor by standing there again later').toEqual([100, 100, 101, 101, 102, 102, 102]);
  });

  it('that stays where it jumped is believed once a whole day has passed there: a hub that was off for a month still forgets', () => {
    expect(dueOver(130, 130, 131, 132, 133)).toEqual([100, 100, 100, 132, 133]);
    expect(dueOver(20_000, 130, 131, 132), 'counted anew from where it came back to').toEqual([100, 100, 100, 132]);
  });

  it('of a hub that runs one day a week is believed one week later', () => {
    expect(dueOver(107, 114, 121, 128)).toEqual([100, 114, 114, 128]);
  });

  it('that goes back destroys nothing that is not over, and is followed once it stays there', () => {
    expect(dueOver(40, 41, 100, 101)).toEqual([40, 41, 100, 101]);
    expect(dueOver(40, 41, 42, 43, 100)).toEqual([40, 41, 42, 43, 43]);
  });

  it('that is in 1970 at each start until it was set does not keep a hub that was off from forgetting', () => {
    expect(dueOver(0, 130, 0, 131, 0, 132)).toEqual([0, 100, 0, 100, 0, 132]);
    expect(dueOver(0, 107, 0, 114)).toEqual([0, 100, 0, 114]);
    expect(dueOver(0, 20_000, 0, 101), 'and makes no jump ahead easier').toEqual([0, 100, 0, 101]);
  });
});
