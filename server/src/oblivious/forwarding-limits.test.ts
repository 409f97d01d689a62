import { describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/harness/refusals.ts';
import { ForwardingLimits } from './forwarding-limits.ts';

const BOUNDS = { requestsAtOnce: 2, bytesAtOnce: 100, bytesPerMinute: 600 };

describe('what a hub carries for its neighbours', () => {
  let now = 0;
  const clock = () => now;

  it('is bounded in requests and bytes at once', async () => {
    const limits = new ForwardingLimits(BOUNDS, clock);
    const waiting: (() => void)[] = [];
    const hold = () => new Promise<void>((done) => waiting.push(done));
    const first = limits.within(60, hold);
    expect(await codeOf(limits.within(50, hold))).toBe('too-many');
    const second = limits.within(40, hold);
    expect(await codeOf(limits.within(0, hold))).toBe('too-many');
    waiting.forEach((done) => done());
    await Promise.all([first, second]);
    await limits.within(100, async () => undefined);
  });

  it('is bounded in bytes a minute, for all together, and grows again as time goes', async () => {
    const limits = new ForwardingLimits(BOUNDS, clock);
    const carry = () => limits.within(100, async () => undefined);
    for (let i = 0; i < 6; i += 1) await carry();
    expect(await codeOf(carry())).toBe('too-many');
    now += 10_000;
    await carry();
    expect(await codeOf(carry())).toBe('too-many');
    now += 3_600_000;
    for (let i = 0; i < 6; i += 1) await carry();
    expect(await codeOf(carry())).toBe('too-many');
  });

  it('work that fails gives back what it held', async () => {
    const limits = new ForwardingLimits({ ...BOUNDS, requestsAtOnce: 1 }, clock);
    await expect(limits.within(10, () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    await limits.within(10, async () => undefined);
  });
});
