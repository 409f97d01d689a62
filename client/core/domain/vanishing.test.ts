import { describe, expect, it } from 'vitest';
import { keptFor, vanishesAt } from './vanishing.ts';

const NOW = 1_900_000_000_000;
const [HOUR, DAY] = [3_600, 86_400];

describe('how long messages stay', () => {
  it('as the room says, and never longer than the hub lets them', () => {
    expect(keptFor(0, 0)).toBe(0);
    expect(keptFor(HOUR, 0)).toBe(HOUR);
    expect(keptFor(0, DAY)).toBe(DAY);
    expect(keptFor(HOUR, DAY)).toBe(HOUR);
    expect(keptFor(DAY, HOUR)).toBe(HOUR);
  });
  it('counts from when they were sent', () => {
    expect(vanishesAt(NOW - 60_000, NOW, HOUR, 14)).toBe(NOW - 60_000 + HOUR * 1000);
    expect(vanishesAt(NOW - 2 * HOUR * 1000, NOW, HOUR, 14)).toBeLessThan(NOW);
    expect(vanishesAt(NOW - 60_000, NOW, 0, 14)).toBe(0);
  });
  it('does not believe a clock that is ahead, nor one that says what cannot be', () => {
    expect(vanishesAt(NOW + 90 * DAY * 1000, NOW, HOUR, 14)).toBe(NOW + HOUR * 1000);
    expect(vanishesAt(0, NOW, 28 * DAY, 14)).toBe(NOW + 13 * DAY * 1000);
  });
});
