import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSet, startsOf } from './read-set.ts';

const first = () => 0;
const chance = (seed: number) => {
  let state = seed;
  return (limit: number) => (state = (state * 48_271 + 11) % 2_147_483_647) % limit;
};

describe('the shards a device reads', () => {
  it('are all of them where there are few', () => {
    expect(readSet({ first: 0, count: 1, common: [0], needed: [0], previous: [] }, first)).toEqual([0]);
    expect(readSet({ first: 5, count: 4, common: [5, 7], needed: [6], previous: [] }, first)).toEqual([5, 6, 7, 8]);
  });

  it('are as many for somebody in no room as for somebody in one or two', () => {
    const sizes = [[], [3], [3, 5]].map((needed) => readSet({ first: 0, count: 16, common: [0, 9], needed, previous: [] }, chance(7)).length);
    expect(sizes).toEqual([6, 6, 6]);
  });

  it('do not change for a room whose shard is read already, nor by leaving one', () => {
    const before = readSet({ first: 0, count: 64, common: [0, 9], needed: [3], previous: [] }, chance(5));
    const decoy = before.find((shard) => ![0, 3, 9].includes(shard)) as number;
    for (const needed of [[3], [3, decoy], [decoy], [], [0]]) {
      expect(readSet({ first: 0, count: 64, common: [0, 9], needed, previous: before }, chance(99))).toEqual(before);
    }
  });

  it('only ever grow, hold what is needed among decoys, and stand in order', () => {
    const shards = fc.integer({ min: 0, max: 31 });
    fc.assert(fc.property(fc.array(fc.uniqueArray(shards, { maxLength: 12 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 1e6 }), (steps, seed) => {
      const common = [8, 20];
      const random = chance(seed);
      let read: readonly number[] = [];
      for (const step of steps) {
        const needed = step.map((shard) => shard + 8);
        const next = readSet({ first: 8, count: 32, common, needed, previous: read }, random);
        expect(next).toEqual([...next].sort((a, b) => a - b));
        for (const shard of [...read, ...needed, ...common]) expect(next).toContain(shard);
        const own = next.filter((shard) => !common.includes(shard)).length;
        const wanted = needed.filter((shard) => !common.includes(shard)).length;
        expect(own === 30 || (own >= 4 && own >= 2 * wanted && Number.isInteger(Math.log2(own)))).toBe(true);
        read = next;
      }
    }));
  });

  it('begin the same distance behind their newest record, whichever is needed', () => {
    const started = (needed: number) => [1, 2, 3, 4].map((shard) => ({ shard, head: 10_000 + shard * 500, neededAfter: shard === needed ? 10_000 + shard * 500 - 300 : undefined }));
    const distances = [1, 2, 3, 4].map((needed) => [...startsOf(started(needed), 0, 128)].map(([shard, start]) => Math.floor((10_000 + shard * 500) / 128) - start / 128));
    expect(distances).toEqual([[4, 4, 4, 4], [4, 4, 4, 4], [4, 4, 4, 4], [4, 4, 4, 4]]);
    const far = startsOf([{ shard: 1, head: 9_000, neededAfter: 5_000 }, { shard: 2, head: 200, neededAfter: undefined }], 128, 128);
    expect(far.get(1)).toBeLessThanOrEqual(5_000);
    expect(far.get(2)).toBe(128);
  });
});
