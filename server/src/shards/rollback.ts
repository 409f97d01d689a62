/**
 * At the start, and whenever the log turns out shorter than it was: is this an older copy of the database? Then its shards
 * are closed as they are and a new generation begins, far above every number that was ever handed out, so that no number
 * ever stands for two records. The devices see that a closed shard ends below what they have read, and mend their rooms.
 */
import type { Operator } from '../operations/operator.ts';
import type { HeadsFile } from './heads-file.ts';
import type { LayoutStore, NewGeneration, ShardState } from './layout.store.ts';
import { type Heads, afterRollback, isOlderCopy } from './next-generation.ts';

const OLDER_COPY =
  'This database is an older copy: records that people have read are missing from it. Their devices are told, and go on from here.';

/** @param known numbers this very process has handed out @returns whether the database was an older copy. @throws RelayRefusal */
export async function mendAfterRollback(store: LayoutStore, file: HeadsFile, today: number, operator: Operator, known: Heads = new Map()): Promise<boolean> {
  let wasOlder = false;
  const hadFile = await store.headsFiled();
  await store.change(async (shards) => {
    const filed = await file.read();
    const handedOut = higherOf(filed ?? new Map(), known);
    wasOlder = (hadFile && filed === undefined) || isOlderCopy(shards, handedOut);
    const wanted = wasOlder ? afterRollback(shards, filed === undefined ? undefined : handedOut) : undefined;
    // Before the transaction ends, so that no other process comes to the same conclusion once more.
    await file.write(headsWith(shards, wanted), today).catch(() => operator.warn('The folder THICKET_KEYS cannot be written.'));
    return wanted;
  });
  if (!hadFile && (await file.read()) !== undefined) await store.setHeadsFiled();
  if (wasOlder) operator.warn(OLDER_COPY);
  return wasOlder;
}

function headsWith(shards: readonly ShardState[], wanted: NewGeneration | undefined): Heads {
  const heads = new Map(shards.map(({ shard, head }) => [shard, head]));
  for (let index = 0; index < (wanted?.count ?? 0); index += 1) heads.set((wanted?.first ?? 0) + index, wanted?.base ?? 0);
  return heads;
}

export function higherOf(one: Heads, other: Heads): Heads {
  const both = new Map(one);
  for (const [shard, seq] of other) both.set(shard, Math.max(seq, both.get(shard) ?? 0));
  return both;
}
