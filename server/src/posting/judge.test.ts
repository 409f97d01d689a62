import { describe, expect, it } from 'vitest';
import type { Arrival } from './posting.store.ts';
import { judge } from './judge.ts';

const arrival = (mailbox: number, body: number, slot: number, next = false): Arrival => ({
  shard: 0, mailbox: new Uint8Array(16).fill(mailbox), kind: next ? 2 : 1, slot, bodyHash: new Uint8Array(32).fill(body), body: new Uint8Array(1), day: 0,
  nextKey: next ? new Uint8Array(32) : undefined,
}) as unknown as Arrival;
const standing = (slot: number | undefined) => ({ slot, first: undefined }) as never;
const heads = new Map([[0, 10]]) as never;

describe('the rules of a batch', () => {
  it('gives numbers only to those that pass, so none is left out', () => {
    const batch = [arrival(1, 1, 0), arrival(2, 2, 5), arrival(3, 3, 0), arrival(1, 4, 0)];
    const { outcomes, heads: after } = judge(batch, { heads, standings: [standing(0), standing(4), standing(undefined), standing(0)] });
    expect(outcomes).toEqual([
      { what: 'posted', place: { shard: 0, seq: 11 } }, { what: 'wrong-slot', current: 4 }, { what: 'unknown-mailbox' },
      { what: 'posted', place: { shard: 0, seq: 12 } },
    ]);
    expect([...after]).toEqual([[0, 12]]);
  });

  it('lets the first commit of a batch end the slot for everything behind it', () => {
    const batch = [arrival(1, 1, 0), arrival(1, 2, 0, true), arrival(1, 3, 0, true), arrival(1, 4, 0)];
    const { outcomes } = judge(batch, { heads, standings: batch.map(() => standing(0)) });
    expect(outcomes.map(({ what }) => what)).toEqual(['posted', 'posted', 'wrong-slot', 'wrong-slot']);
  });

  it('tells a second copy of a body where the first stands, whether in the log or in the same batch', () => {
    const batch = [arrival(1, 1, 0), arrival(1, 1, 0), arrival(2, 1, 0), arrival(2, 9, 3)];
    const standings = [standing(0), standing(0), standing(0), { slot: 4, first: { shard: 0, seq: 7 } } as never];
    expect(judge(batch, { heads, standings }).outcomes).toEqual([
      { what: 'posted', place: { shard: 0, seq: 11 } }, { what: 'duplicate', place: { shard: 0, seq: 11 } },
      { what: 'posted', place: { shard: 0, seq: 12 } }, { what: 'duplicate', place: { shard: 0, seq: 7 } },
    ]);
  });
});
