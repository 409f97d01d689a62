import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { codeOf } from '../../../test/harness/refusals.ts';
import { Bodies } from './bodies.ts';
import { ByteBudget } from './byte-budget.ts';
import { TokenBucket } from './token-bucket.ts';

const requestOf = (length?: number) => ({ headers: length === undefined ? {} : { 'content-length': String(length) } }) as unknown as IncomingMessage;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('bodies of requests', () => {
  it('arrive whole, up to their limit, and are refused where it ends', async () => {
    const bodies = new Bodies(1_000);
    const payload = new PassThrough();
    const read = bodies.read(requestOf(), payload, 10);
    payload.write('hello');
    payload.end('again');
    expect((await read).toString()).toBe('helloagain');
    const long = new PassThrough();
    const refused = codeOf(bodies.read(requestOf(), long, 10));
    long.write('eleven byte');
    expect(await refused).toBe('too-large');
    expect(await codeOf(bodies.read(requestOf(11), new PassThrough(), 10))).toBe('too-large');
  });

  it('never take more memory together than they may: the slowest goes first, and who is worked on stays', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const bodies = new Bodies(100);
    const worked = requestOf();
    const done = new PassThrough();
    const whole = bodies.read(worked, done, 100);
    done.end(Buffer.alloc(40));
    expect((await whole).length).toBe(40);
    const [slow, brisk] = [new PassThrough(), new PassThrough()];
    const cut = codeOf(bodies.read(requestOf(), slow, 100));
    const other = requestOf();
    const arriving = bodies.read(other, brisk, 100);
    slow.write(Buffer.alloc(10));
    brisk.write(Buffer.alloc(40));
    await turn();
    clock.mockReturnValue(3_000);
    brisk.end(Buffer.alloc(20));
    expect(await cut).toBe('too-many');
    expect((await arriving).length).toBe(60);
    // Nobody is left to be cut: what comes now has to wait.
    const late = new PassThrough();
    const refused = codeOf(bodies.read(requestOf(), late, 100));
    late.write(Buffer.alloc(1));
    expect(await refused).toBe('too-many');
    bodies.forget(other);
    const next = new PassThrough();
    const fits = bodies.read(requestOf(), next, 100);
    next.end(Buffer.alloc(60));
    expect((await fits).length).toBe(60);
    clock.mockRestore();
  });

  it('are cut when they come slower than the slowest network worth waiting for', async () => {
    const bodies = new Bodies(1_000_000);
    const began = performance.now();
    const slow = new PassThrough();
    const cut = codeOf(bodies.read(requestOf(), slow, 100_000));
    slow.write(Buffer.alloc(8192));
    await turn();
    let over = false;
    void cut.then(() => (over = true));
    bodies.cutSlow(began + 21_500);
    await turn();
    expect(over, '8 KiB buy two seconds').toBe(false);
    bodies.cutSlow(began + 22_500);
    expect(await cut).toBe('too-many');
  });

  it('fail as malformed when their sender goes away', async () => {
    const payload = new PassThrough();
    const read = codeOf(new Bodies(100).read(requestOf(), payload, 100));
    payload.destroy();
    expect(await read).toBe('malformed');
  });
});

it('a bucket gives its burst at once, then its rate', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
  expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false]);
  expect([bucket.take(1, 99), bucket.take(1, 100), bucket.take(1, 100)]).toEqual([false, true, false]);
  expect([bucket.take(4, 60_000), bucket.take(3, 60_000)]).toEqual([false, true]);
});

it('a budget lends what it has, and one thing larger than itself when nothing else is lent', () => {
  const budget = new ByteBudget(10);
  expect([budget.take(12), budget.take(1)]).toEqual([true, false]);
  budget.give(12);
  expect([budget.take(6), budget.take(4), budget.take(1)]).toEqual([true, true, false]);
});
