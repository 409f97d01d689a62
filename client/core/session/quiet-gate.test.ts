/** The half minutes of quiet rooms, on a clock of the test's own. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JITTER_MS } from '../domain/quiet.ts';
import { QuietGate } from './quiet-gate.ts';

describe('what a quiet room sends', () => {
  const queue: string[] = [];
  let gate: QuietGate;
  let left: [item: string, at: number][];
  let held = 0;
  beforeEach(() => {
    vi.useFakeTimers({ now: 90_000 * 1_000 + 4_000 });
    queue.length = 0;
    left = [];
    held = 0;
    gate = new QuietGate(() => Date.now(), () => void (held += 1));
  });
  afterEach(() => vi.useRealTimers());

  const second = (): number => (Date.now() % 60_000) / 1_000;
  /** A lane as the outbox has it: one item after another. */
  async function lane(): Promise<void> {
    for (let item = queue[0]; item !== undefined; item = queue[0]) {
      await gate.turn('room', item, () => queue);
      left.push([item, second()]);
      queue.shift();
    }
  }

  it('waits for the half minute, and leaves in order with all that was written by then, each after a moment of its own', async () => {
    queue.push('one');
    void lane();
    await vi.advanceTimersByTimeAsync(10_000);
    queue.push('two', 'three');
    await vi.advanceTimersByTimeAsync(15_000);
    expect([left, gate.holding, held]).toEqual([[], 1, 1]);
    await vi.advanceTimersByTimeAsync(1_000 + 3 * JITTER_MS);
    expect(left.map(([item]) => item)).toEqual(['one', 'two', 'three']);
    for (const [, at] of left) expect(at).toBeGreaterThanOrEqual(30);
    for (const [, at] of left) expect(at).toBeLessThan(30 + (3 * JITTER_MS) / 1_000);
    expect(new Set(left.map(([, at]) => at)).size).toBe(3);
    expect(gate.holding).toBe(0);
  });

  it('what is written while others leave waits for the next half minute', async () => {
    queue.push('one');
    void lane();
    await vi.advanceTimersByTimeAsync(26_000 + JITTER_MS);
    queue.push('two');
    void lane();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(left.map(([item]) => item)).toEqual(['one']);
    await vi.advanceTimersByTimeAsync(10_000 + JITTER_MS);
    expect(left.map(([item]) => item)).toEqual(['one', 'two']);
    expect(left[1]?.[1]).toBeLessThan(JITTER_MS / 1_000);
  });

  it('a second try of what has left once does not wait for another half minute', async () => {
    queue.push('one');
    void lane();
    await vi.advanceTimersByTimeAsync(26_000 + JITTER_MS);
    let again = false;
    void gate.turn('room', 'one', () => ['one']).then(() => (again = true));
    await vi.advanceTimersByTimeAsync(JITTER_MS);
    expect(again).toBe(true);
  });

  it('after an empty outbox, what is written within the same half minute waits as well, though its place was used before', async () => {
    queue.push('one', 'two');
    void lane();
    await vi.advanceTimersByTimeAsync(26_000 + 2 * JITTER_MS);
    expect(queue).toEqual([]);
    queue.push('three');
    void lane();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(left.map(([item]) => item)).toEqual(['one', 'two']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(left.map(([item]) => item)).toEqual(['one', 'two', 'three']);
  });

  it('a device that stops holds nobody up', async () => {
    queue.push('one');
    void lane();
    await vi.advanceTimersByTimeAsync(1_000);
    gate.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(gate.holding).toBe(0);
  });
});
