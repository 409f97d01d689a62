import { describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/harness/refusals.ts';
import { Batcher } from './batcher.ts';

const limits = { items: 4, bytes: 100, waitingBytes: 1_000, sizeOf: (size: number) => size };
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a batcher', () => {
  it('groups what arrives while the run before works, in order, within its limits', async () => {
    const runs: number[][] = [];
    const batcher = new Batcher<number, number>(async (items) => {
      runs.push([...items]);
      await pause();
      return items.map((item) => item * 2);
    }, limits);
    const first = batcher.add(1);
    await pause();
    const rest = Promise.all([2, 3, 4, 5, 6, 90, 95, 400].map((item) => batcher.add(item)));
    expect(await first).toBe(2);
    expect(await rest).toEqual([4, 6, 8, 10, 12, 180, 190, 800]);
    expect(runs).toEqual([[1], [2, 3, 4, 5], [6, 90], [95], [400]]);
  });

  it('fails the items of a run that throws, and runs the next', async () => {
    let broken = true;
    const batcher = new Batcher<number, number>(async (items) => {
      if (broken) throw new Error('away');
      return items;
    }, limits);
    await expect(batcher.add(1)).rejects.toThrow('away');
    broken = false;
    expect(await batcher.add(2)).toBe(2);
  });

  it('refuses more than may wait, and everything once it drains; what it took is finished', async () => {
    const done: number[] = [];
    const batcher = new Batcher<number, number>(async (items) => {
      await pause();
      done.push(...items);
      return items;
    }, limits);
    const taken = Promise.all([batcher.add(500), batcher.add(500)]);
    expect(await codeOf(batcher.add(500))).toBe('too-many');
    const drained = batcher.drain();
    expect(await codeOf(batcher.add(1))).toBe('shutting-down');
    await drained;
    expect(done).toEqual([500, 500]);
    await taken;
  });
});
