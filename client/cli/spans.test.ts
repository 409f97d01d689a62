import { describe, expect, test } from 'vitest';
import { spanIn, spanText } from './spans.ts';

describe('spans of time', () => {
  test('are read in one unit, and said in the largest that fits', () => {
    expect(['30s', '10m', '8h', '1d', '4w'].map(spanIn)).toEqual([30, 600, 28_800, 86_400, 2_419_200]);
    expect(['', '8', 'h', '8 h', '-1h', '1.5h', '1y', '8hh'].map(spanIn)).toEqual(Array.from({ length: 8 }, () => undefined));
    expect([30, 600, 28_800, 86_400, 2_419_200, 90].map(spanText)).toEqual(['30s', '10m', '8h', '1d', '4w', '90s']);
  });
});
