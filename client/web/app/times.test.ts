import { describe, expect, it } from 'vitest';
import { clock, daysAgo, fullTime, longDay, machineTime, shortTime, startOfDay } from './times.ts';

describe('the time a sender claims', () => {
  it.each([2 ** 64 - 1, 8.64e15 + 1, -8.64e15 - 1, Number.POSITIVE_INFINITY, NaN])('is shown, or something in its place, and never stops the screen: %s', (at) => {
    for (const shown of [clock, fullTime, longDay, shortTime]) expect(shown(at, 'en')).toBeTypeOf('string');
    expect(machineTime(at)).toBe('1970-01-01T00:00:00.000Z');
    expect(Number.isFinite(startOfDay(at) + daysAgo(at))).toBe(true);
  });
  it('is its own where a calendar knows it', () => expect(machineTime(1_900_000_000_000)).toBe('2030-03-17T17:46:40.000Z'));
});
