/** Two devices hash what they were shown, and compare. */
import { beforeAll, expect, it } from 'vitest';
import type { LogRecord } from '../../relay/port.ts';
import { randomBytes, sodiumReady } from '#shared/sodium.ts';
import { Chain } from './chain.ts';

beforeAll(() => sodiumReady());

const bob = new Uint8Array(32).fill(2);
const bodies = Array.from({ length: 5000 }, () => Uint8Array.of(...crypto.getRandomValues(new Uint8Array(24))));
const mailbox = new Uint8Array(16).fill(7) as LogRecord['mailbox'];
const record = (seq: number, body: Uint8Array = bodies[seq] as Uint8Array, slot = 0): LogRecord =>
  ({ seq: seq as LogRecord['seq'], kind: 'post', slot: slot as LogRecord['slot'], mailbox, body });
const read = (chain: Chain, from: number, to: number): Chain => {
  for (let seq = from; seq <= to; seq += 1) chain.advance(record(seq));
  return chain;
};
const claim = (chain: Chain, seq = chain.seq) => ({ seq, chain: chain.at(seq) as Uint8Array, by: bob });

it('says the same of the same log, and another of any other', () => {
  const one = read(Chain.atBase(0, 0), 1, 100);
  expect(one.compare(claim(read(Chain.atBase(0, 0), 1, 60)))).toBe(false);
  for (const other of [record(50, randomBytes(24)), record(50, bodies[50], 1), { ...record(50), kind: 'commit' as const }, { ...record(50), mailbox: new Uint8Array(16) as LogRecord['mailbox'] }]) {
    const chain = read(Chain.atBase(0, 0), 1, 49);
    chain.advance(other);
    read(chain, 51, 80);
    expect(one.compare(claim(chain)), JSON.stringify(other.kind)).toBe(true);
  }
  expect(one.compare(claim(read(Chain.atBase(1, 0), 1, 60))), 'of another shard').toBe(true);
});

it('waits for what it has not read, and compares it then', () => {
  const ahead = read(Chain.atBase(0, 0), 1, 80);
  const chain = read(Chain.atBase(0, 0), 1, 40);
  expect(chain.compare(claim(ahead))).toBeUndefined();
  expect(chain.takeDue()).toEqual([]);
  const later = Chain.decode(read(chain, 41, 79).encode());
  later.advance(record(80, randomBytes(24)));
  const [due] = later.takeDue();
  expect(due && later.compare(due)).toBe(true);
});

it('takes the word of the first where it did not read the beginning, and holds the next to it', () => {
  const whole = read(Chain.atBase(0, 0), 1, 300);
  const late = read(Chain.from(200), 201, 290);
  expect(late.tip).toBeUndefined();
  expect(late.compare(claim(whole, 100)), 'of before its time: nothing can be said').toBeUndefined();
  expect(late.known).toBe(false);
  expect(late.compare(claim(whole, 250))).toBeUndefined();
  expect(late.tip).toEqual(whole.at(290));
  expect(late.compare(claim(whole, 280))).toBe(false);
  expect(read(late, 291, 300).tip).toEqual(whole.tip);
});

it('goes on where the log was cut, and knows nothing of what was passed over', () => {
  const chain = read(Chain.atBase(0, 0), 1, 100);
  const before = chain.at(90);
  chain.rewind(90);
  expect([chain.seq, chain.tip]).toEqual([90, before]);
  chain.skipTo(200);
  expect([chain.seq, chain.tip]).toEqual([200, undefined]);
});

it('remembers a bounded part of it, less of that over a restart', () => {
  const chain = read(Chain.atBase(0, 0), 1, 4999);
  expect(chain.encode().length).toBeLessThan(3000);
  const again = Chain.decode(chain.encode());
  expect(again.tip).toEqual(chain.tip);
  expect(again.at(4990)).toEqual(chain.at(4990));
  expect(again.at(1000)).toBeUndefined();
  expect(again.copy().at(4999)).toEqual(chain.tip);
});

it('tells once that somebody was shown something else, until they agree again', () => {
  const chain = Chain.atBase(0, 0);
  expect([chain.differsFrom(bob), chain.differsFrom(bob)]).toEqual([true, false]);
  chain.agreesWith(bob);
  expect(chain.differsFrom(bob)).toBe(true);
});
