import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRID_MS, JITTER_MS, momentOfItsOwn, untilNextTick } from './quiet.ts';

describe('sending quietly', () => {
  it('everybody’s half minutes are the same, whenever they wrote', () => {
    fc.assert(fc.property(fc.nat(2 ** 41), (now) => {
      const wait = untilNextTick(now);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(GRID_MS);
      expect((now + wait) % GRID_MS).toBe(0);
    }));
    expect(untilNextTick(60_000)).toBe(GRID_MS);
    expect(untilNextTick(59_999)).toBe(1);
    expect(untilNextTick(-1)).toBe(1);
  });

  it('and a moment of a few seconds is each post’s own', () => {
    expect([momentOfItsOwn(0), momentOfItsOwn(0.5), momentOfItsOwn(0.999)].map(Math.round)).toEqual([0, JITTER_MS / 2, JITTER_MS * 0.999]);
  });
});
