import { describe, expect, it } from 'vitest';
import { dayOf, mailboxId, seq, shardOf, slot, type MailboxId } from './ids.ts';

const mailbox = (first: number): MailboxId => mailboxId(Uint8Array.of(first, ...new Uint8Array(15))) as MailboxId;

describe('ids', () => {
  it('are parsed once, by size', () => {
    expect(mailboxId(new Uint8Array(16))).toHaveLength(16);
    expect(mailboxId(new Uint8Array(15))).toBeUndefined();
  });
  it('count from where their kind begins', () => {
    expect([seq(1n), seq(0), slot(0), slot(-1), slot(1.5), seq(2n ** 60n)]).toEqual([1, undefined, 0, undefined, undefined, undefined]);
  });
  it('fall into shards by their top bits', () => {
    expect([0x00, 0x3f, 0x40, 0xff].map((first) => shardOf(mailbox(first), 4))).toEqual([0, 0, 1, 3]);
    expect([0x00, 0xff].map((first) => shardOf(mailbox(first), 1))).toEqual([0, 0]);
    expect([0x00, 0xff].map((first) => shardOf(mailbox(first), 256))).toEqual([0, 255]);
  });
  it('know no time finer than a day', () => {
    expect(dayOf(86_400_000 * 3 - 1)).toBe(2);
    expect(dayOf(86_400_000 * 3)).toBe(3);
  });
});
