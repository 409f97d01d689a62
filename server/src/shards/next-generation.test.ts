import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finalHead, generationAt, shardIn } from '#shared/generations.ts';
import type { MailboxId } from '#shared/ids.ts';
import { HeadsFile } from './heads-file.ts';
import { afterChange, afterRollback, isOlderCopy } from './next-generation.ts';

const shard = (number: number, head: number, closed = false, base = 0) => ({ shard: number, head, base, closed });
const none = new Map<number, number>();

describe('the next generation', () => {
  it('takes up the shards where the last one left off, and counts records from the next page on', () => {
    expect(afterChange(4, [shard(0, 300)], none)).toEqual({ count: 4, first: 1, base: 384 });
    expect(afterChange(2, [shard(0, 300, true), shard(1, 400), shard(2, 385), shard(3, 384), shard(4, 512)], none)).toEqual({ count: 2, first: 5, base: 512 });
    expect(afterChange(1, [shard(0, 0)], new Map([[7, 9]]))).toEqual({ count: 1, first: 8, base: 0 });
    expect(afterChange(256, [shard(32_700, 0)], none)).toBeUndefined();
  });

  it('knows an older copy by a record, or a shard, that it has not got', () => {
    const shards = [shard(0, 300, true), shard(1, 400), shard(2, 390)];
    expect(isOlderCopy(shards, new Map([[0, 300], [1, 400], [2, 389]]))).toBe(false);
    expect(isOlderCopy(shards, new Map([[0, 301]]))).toBe(true);
    expect(isOlderCopy(shards, new Map([[3, 0]]))).toBe(true);
  });

  it('begins far above everything after an older copy came back, and farther still where nothing tells what there was', () => {
    const known = afterRollback([shard(0, 300, true), shard(1, 400), shard(2, 390)], new Map([[1, 5000], [9, 384]]));
    expect(known).toEqual({ count: 2, first: 10, base: 5120 + 2 ** 32 - 0 });
    expect(afterRollback([shard(0, 300)], undefined)).toEqual({ count: 1, first: 513, base: 384 + 2 ** 32 });
  });
});

describe('generations', () => {
  const all = [{ first: 0, count: 1, base: 0, heads: [300] }, { first: 1, count: 4, base: 384, heads: [] }];
  it('say by a number alone where a record is', () => {
    const mailbox = new Uint8Array(16).fill(0xc0) as MailboxId;
    expect([1, 300, 384, 385, 9000].map((seq) => shardIn(generationAt(all, seq), mailbox))).toEqual([0, 0, 0, 4, 4]);
    expect([0, 1, 4, 5].map((number) => finalHead(all, number))).toEqual([300, undefined, undefined, undefined]);
  });
});

describe('the file of heads', () => {
  it('is read back, tells the day it was written and no time, and is believed whole or not at all', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'thicket-heads-')), 'keys');
    const file = new HeadsFile(folder);
    expect(await file.read()).toBeUndefined();
    await file.write(new Map([[0, 300], [1, 2 ** 33]]), 20_000);
    expect(await file.read()).toEqual(new Map([[0, 300], [1, 2 ** 33]]));
    expect(statSync(join(folder, 'heads')).mtimeMs).toBe(20_000 * 86_400_000);
    expect(readFileSync(join(folder, 'heads'), 'utf8')).toBe('0 300\n1 8589934592\n');
    for (const text of ['', '0 300\n1', 'x', '0 -1']) {
      writeFileSync(join(folder, 'heads'), text);
      expect(await file.read()).toBeUndefined();
    }
  });
});
