import { describe, expect, it } from 'vitest';
import type { Arrival } from './posting.store.ts';
import { type PaidToken, keyOf } from '../postage/tokens.ts';
import { judge } from './judge.ts';

const arrival = (mailbox: number, body: number, slot: number, next = false, paid: readonly PaidToken[] = []): Arrival => ({
  shard: 0, mailbox: new Uint8Array(16).fill(mailbox), kind: next ? 2 : 1, slot, bodyHash: new Uint8Array(32).fill(body), body: new Uint8Array(1), day: 0,
  nextKey: next ? new Uint8Array(32) : undefined, paid,
}) as unknown as Arrival;
const standing = (slot: number | undefined) => ({ slot, first: undefined }) as never;
const token = (number: number): PaidToken => ({ week: 2970, nonce: new Uint8Array(32).fill(number) }) as unknown as PaidToken;
const fresh = (...numbers: number[]) => new Set(numbers.map((number) => keyOf(token(number))));
const NONE = fresh();
const heads = new Map([[0, 10]]) as never;

describe('the rules of a batch', () => {
  it('gives numbers only to those that pass, so none is left out', () => {
    const batch = [arrival(1, 1, 0), arrival(2, 2, 5), arrival(3, 3, 0), arrival(1, 4, 0)];
    const { outcomes, heads: after } = judge(batch, { heads, fresh: NONE, standings: [standing(0), standing(4), standing(undefined), standing(0)] });
    expect(outcomes).toEqual([
      { what: 'posted', place: { shard: 0, seq: 11 } }, { what: 'wrong-slot', current: 4 }, { what: 'unknown-mailbox' },
      { what: 'posted', place: { shard: 0, seq: 12 } },
    ]);
    expect([...after]).toEqual([[0, 12]]);
  });

  it('lets the first commit of a batch end the slot for everything behind it', () => {
    const batch = [arrival(1, 1, 0), arrival(1, 2, 0, true), arrival(1, 3, 0, true), arrival(1, 4, 0)];
    const { outcomes } = judge(batch, { heads, fresh: NONE, standings: batch.map(() => standing(0)) });
    expect(outcomes.map(({ what }) => what)).toEqual(['posted', 'posted', 'wrong-slot', 'wrong-slot']);
  });

  it('tells a second copy of a body where the first stands, whether in the log or in the same batch', () => {
    const batch = [arrival(1, 1, 0), arrival(1, 1, 0), arrival(2, 1, 0), arrival(2, 9, 3)];
    const standings = [standing(0), standing(0), standing(0), { slot: 4, first: { shard: 0, seq: 7 } } as never];
    expect(judge(batch, { heads, fresh: NONE, standings }).outcomes).toEqual([
      { what: 'posted', place: { shard: 0, seq: 11 } }, { what: 'duplicate', place: { shard: 0, seq: 11 } },
      { what: 'posted', place: { shard: 0, seq: 12 } }, { what: 'duplicate', place: { shard: 0, seq: 7 } },
    ]);
  });

  it('gives no place to who shows a spent token, or one that somebody before it in the batch used, and leaves no gap', () => {
    const batch = [
      arrival(1, 1, 0, false, [token(1)]), arrival(1, 2, 0, false, [token(1)]), arrival(1, 3, 0, false, [token(2), token(3)]),
      arrival(1, 4, 0, false, [token(4), token(5)]),
    ];
    const { outcomes, accepted, unspent } = judge(batch, { heads, fresh: fresh(1, 3, 4, 5), standings: batch.map(() => standing(0)) });
    expect(outcomes.map(({ what }) => what)).toEqual(['posted', 'postage-spent', 'postage-spent', 'posted']);
    expect(accepted.map(({ seq }) => seq)).toEqual([11, 12]);
    expect(unspent).toEqual([token(3)]);
  });

  it('spends nothing of who is refused for another reason, and lets who comes behind them use it', () => {
    const first = { slot: 0, first: { shard: 0, seq: 7 } } as never;
    const batch = [
      arrival(1, 1, 5, false, [token(1)]), arrival(2, 2, 0, false, [token(2)]), arrival(3, 3, 0, false, [token(3)]), arrival(4, 4, 0, false, [token(1)]),
    ];
    const { outcomes, unspent } = judge(batch, { heads, fresh: fresh(1, 2, 3), standings: [standing(0), standing(undefined), first, standing(0)] });
    expect(outcomes.map(({ what }) => what)).toEqual(['wrong-slot', 'unknown-mailbox', 'duplicate', 'posted']);
    expect(unspent).toEqual([token(2), token(3)]);
    // A copy is told where the first is, whatever its token has paid for meanwhile; and of two commits the one that can pay wins.
    const copy = [arrival(1, 1, 0, false, [token(9)])];
    expect(judge(copy, { heads, fresh: NONE, standings: [first] }).outcomes).toEqual([{ what: 'duplicate', place: { shard: 0, seq: 7 } }]);
    const race = [arrival(1, 1, 0, true, [token(8)]), arrival(1, 2, 0, true, [token(9)])];
    expect(judge(race, { heads, fresh: fresh(9), standings: race.map(() => standing(0)) }).outcomes.map(({ what }) => what)).toEqual(['postage-spent', 'posted']);
  });
});
