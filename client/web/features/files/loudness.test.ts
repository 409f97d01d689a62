import { expect, it } from 'vitest';
import { levelOf, loudnessOf } from './loudness.ts';

it('a sound has as many values as fit, the loudest stretch the highest', () => {
  const samples = Float32Array.from({ length: 48_000 }, (_, index) => Math.sin(index / 5) * (index < 24_000 ? 0.1 : 0.4));
  const values = loudnessOf(samples);
  expect(values).toHaveLength(64);
  expect(Math.max(...values)).toBe(255);
  expect(values.slice(0, 32).every((value) => value > 55 && value < 75)).toBe(true);
  expect(loudnessOf(new Float32Array(10))).toEqual(Array.from({ length: 10 }, () => 0));
  expect([loudnessOf(new Float32Array(0)), levelOf(new Float32Array(0))]).toEqual([[], 0]);
});
