/** What a new generation is numbered: never a shard or a record as one before. Pure. */
import { PAGE_SIZE } from '#shared/limits.ts';
import type { NewGeneration, ShardState } from './layout.store.ts';

/** By shard: a sequence number that was handed out. */
export type Heads = ReadonlyMap<number, number>;

/** Farther than a relay can have counted without writing it down. */
const UNKNOWN_RECORDS = 2 ** 32;
/** More shards than changes of their number since a backup can have made; only where nothing tells how many there were. */
const UNKNOWN_SHARDS = 512;
/** smallint */
const HIGHEST_SHARD = 32_767;

const nextPage = (seq: number): number => Math.ceil(seq / PAGE_SIZE) * PAGE_SIZE;
const highest = (numbers: Iterable<number>): number => Math.max(0, ...numbers);

/** The operator wants another number of shards. @returns undefined where there are no numbers left */
export function afterChange(count: number, shards: readonly ShardState[], filed: Heads): NewGeneration | undefined {
  const first = highest([...shards.map(({ shard }) => shard), ...filed.keys()]) + 1;
  if (first + count - 1 > HIGHEST_SHARD) return undefined;
  return { count, first, base: nextPage(highest(shards.map(({ head }) => head))) };
}

/** Whether the database does not know of records that were handed out: it is an older copy of itself. */
export function isOlderCopy(shards: readonly ShardState[], filed: Heads): boolean {
  const heads = new Map(shards.map(({ shard, head }) => [shard, head]));
  return [...filed].some(([shard, seq]) => (heads.get(shard) ?? -1) < seq);
}

/** The database is an older copy. What it numbers from now on stands far above all that can have been handed out. */
export function afterRollback(shards: readonly ShardState[], filed: Heads | undefined): NewGeneration | undefined {
  const count = shards.filter(({ closed }) => !closed).length;
  const next = highest([...shards.map(({ shard }) => shard), ...(filed?.keys() ?? [])]) + 1;
  const first = filed === undefined && next + UNKNOWN_SHARDS + count <= HIGHEST_SHARD ? next + UNKNOWN_SHARDS : next;
  if (first + count - 1 > HIGHEST_SHARD) return undefined;
  return { count, first, base: nextPage(highest([...shards.map(({ head }) => head), ...(filed?.values() ?? [])]) + UNKNOWN_RECORDS) };
}
