import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KiB, LIMITS, MiB } from './limits.ts';
import { chunkSize, chunksOf, isBlobSize, padme } from './padme.ts';

const anyLength = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: LIMITS.blob }), fc.integer({ min: 0, max: 40 }).map((power) => 2 ** power));

describe('PADMÉ', () => {
  it('rounds as the paper says', () => {
    // L = 9 = 0b1001: E = 3, S = 2, so one low bit goes: 10. The others by the same rule, by hand.
    const vectors = [[1, 1], [2, 2], [7, 7], [8, 8], [9, 10], [10, 10], [11, 12], [15, 16], [33, 36], [100, 104], [1000, 1024], [1025, 1088],
      [65_537, 67_584], [1_000_000, 1_015_808], [1_048_576, 1_048_576], [1_048_577, 1_081_344], [2 ** 32 + 1, 2 ** 32 + 2 ** 26]] as const;
    for (const [length, padded] of vectors) expect([length, padme(length)]).toEqual([length, padded]);
  });

  it('never shrinks, is done after once, keeps the order, and adds at most 12 %', () => {
    fc.assert(fc.property(anyLength, (length) => {
      const size = padme(length);
      return size >= length && padme(size) === size && size <= length * 1.12 && padme(length + 1) >= size;
    }), { numRuns: 2_000 });
  });

  it('leaves few sizes: 64 between 1 MiB and 4 MiB', () => {
    const sizes = new Set<number>();
    for (let length = MiB; length < 4 * MiB; length += KiB) sizes.add(padme(length));
    expect(sizes.size).toBeLessThanOrEqual(65);
  });
});

describe('sizes of blobs', () => {
  it('are PADMÉ sizes from 16 KiB to 4 GiB', () => {
    expect([16 * KiB, 17 * KiB, MiB, 4096 * MiB].map(isBlobSize)).toEqual([true, true, true, true]);
    expect([0, 15 * KiB, 16 * KiB + 1, MiB + 1, 4096 * MiB + 1, 8192 * MiB, 1.5, Number.NaN, -MiB].filter(isBlobSize)).toEqual([]);
  });

  it('fall into full chunks and one last one, which is never smaller than the floor', () => {
    fc.assert(fc.property(fc.integer({ min: LIMITS.blobFloor, max: LIMITS.blob }).map(padme), (size) => {
      const chunks = chunksOf(size);
      const last = chunkSize(size, chunks - 1);
      return (chunks - 1) * LIMITS.blobChunk + last === size && last >= LIMITS.blobFloor && (chunks === 1 || chunkSize(size, 0) === LIMITS.blobChunk);
    }));
  });
});
