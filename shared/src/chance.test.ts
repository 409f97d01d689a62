import { expect, it } from 'vitest';
import { chance, roughly } from './chance.ts';

const draws = (draw: () => number): number[] => Array.from({ length: 2_000 }, draw);

it('falls anywhere from 0 to below 1', () => {
  const drawn = draws(chance);
  expect([Math.min(...drawn) >= 0, Math.max(...drawn) < 1]).toEqual([true, true]);
  // One tenth of the span stays empty once in 10^91 runs.
  expect(new Set(drawn.map((one) => Math.floor(one * 10))).size).toBe(10);
});

it('spreads a pause from half to one and a half of it', () => {
  const drawn = draws(() => roughly(1_000));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...drawn)).toBeLessThan(1_500);
  expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(900);
});
