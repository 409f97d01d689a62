import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shardIn } from '#shared/generations.ts';
import { mailboxId, type MailboxId, shardOf } from '#shared/ids.ts';
import { mostShardsIn, readSet, startsOf, withDecoys } from './read-set.ts';

const mailbox = (firstByte: number): MailboxId => mailboxId(new Uint8Array(16).fill(1).fill(firstByte, 0, 1)) as MailboxId;
const chance = (seed: number) => {
  let state = seed;
  return () => mailbox((state = (state * 48_271 + 11) % 2_147_483_647) % 256);
};
const generation = (first: number, count: number) => ({ first, count, base: 0, heads: [] });
const shardsOf = (places: readonly MailboxId[], count: number): number => new Set(places.map((place) => shardOf(place, count))).size;

describe('the shards a device reads', () => {
  it('are all of them where there are few, and where there are more than the stewards allow', () => {
    for (const [count, most] of [[1, 16], [16, 256], [32, 16], [256, 16], [128, 64]] as const) {
      const all = Array.from({ length: count }, (_, index) => 5 + index);
      expect(readSet(generation(5, count), most, [mailbox(77)], [])).toEqual(all);
    }
  });

  it('are sixteen at least and from sixteen, whatever a bulletin says', () => {
    expect([0, 1, 16, 31, 32, 100, 256, 4_000_000_000].map((mostShards) => mostShardsIn({ mostShards }))).toEqual([16, 16, 16, 16, 32, 64, 256, 256]);
  });

  it('are as many for somebody in no room as for somebody in six', () => {
    for (const rooms of [[], [9], [9, 30, 80, 99, 160, 240]]) {
      const places = withDecoys([], [0, 200, ...rooms].map(mailbox), 256, chance(7));
      expect([32, 64, 128, 256].map((count) => readSet(generation(0, count), 256, places, []).length)).toEqual([16, 16, 16, 16]);
    }
  });

  it('of another generation tell nothing new: what was made up falls into it as the real ones do', () => {
    const needed = [0, 200, 77].map(mailbox);
    const places = withDecoys([], needed, 256, chance(3));
    expect(withDecoys(places, needed, 256, () => { throw new Error('nothing is drawn again'); })).toEqual(places);
    const first = readSet(generation(0, 256), 256, places, []);
    expect(readSet(generation(256, 256), 256, places, [])).toEqual(first.map((shard) => shard + 256));
    expect(readSet(generation(512, 64), 256, places, [])).toEqual([...new Set(first.map((shard) => 512 + (shard >> 2)))]);
  });

  it('only ever grow, with any number of shards at least twice what is needed and a power of two', () => {
    const someRooms = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 30 });
    fc.assert(fc.property(fc.array(someRooms, { minLength: 1, maxLength: 4 }), fc.constantFrom(32, 64, 128, 256), fc.integer({ min: 1, max: 1e6 }), (steps, most, seed) => {
      const draw = chance(seed);
      let places: readonly MailboxId[] = [];
      for (const step of steps) {
        const needed = step.map(mailbox);
        const next = withDecoys(places, needed, most, draw);
        expect(next.slice(0, places.length)).toEqual(places);
        for (let count = 32; count <= most; count *= 2) {
          const size = shardsOf(next, count);
          expect(size === count || (size >= 16 && size >= 2 * shardsOf(needed, count) && Number.isInteger(Math.log2(size)))).toBe(true);
          const read = readSet(generation(7, count), most, next, [8]);
          expect(read).toEqual([...read].sort((a, b) => a - b));
          for (const one of needed) expect(read).toContain(shardIn(generation(7, count), one));
          expect(read).toContain(8);
        }
        places = next;
      }
    }), { numRuns: 60 });
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
