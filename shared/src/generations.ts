/**
 * The generations of a hub's shards. A change of their number closes the shards there are and opens new ones; records
 * stay where they are. The numbers of a generation's records stand above all those of the generations before, so within
 * a mailbox a later record always has the higher number, and a number alone says which generation it belongs to.
 */
import { type MailboxId, type ShardIndex, shardOf } from './ids.ts';

export interface Generation {
  /** Its shards are first .. first + count - 1. No number is ever used twice. */
  readonly first: number;
  /** A power of two. */
  readonly count: number;
  /** Records are counted from base + 1, in each of its shards; a multiple of PAGE_SIZE. */
  readonly base: number;
  /** Of a closed generation: the last sequence number of each shard. Empty for the newest. */
  readonly heads: readonly number[];
}

/** The shard of this generation that a mailbox falls in. */
export const shardIn = ({ first, count }: Generation, mailbox: MailboxId): ShardIndex => (first + shardOf(mailbox, count)) as ShardIndex;

/** Where new records of a mailbox go. @param generations oldest first, at least one */
export const newestOf = (generations: readonly Generation[]): Generation => generations.at(-1) as Generation;

/** The generation a record with this number belongs to. */
export const generationAt = (generations: readonly Generation[], seq: number): Generation =>
  generations.findLast(({ base }) => base < seq) ?? (generations[0] as Generation);

/** Whether both say the same of which shards there are. A generation keeps its shards when it is closed. */
export const sameShards = (one: Generation, other: Generation): boolean =>
  one.first === other.first && one.count === other.count && one.base === other.base;

export const generationOf = (generations: readonly Generation[], shard: number): Generation | undefined =>
  generations.find(({ first, count }) => shard >= first && shard < first + count);

/** The last number of a closed shard; undefined for one that still takes records, or that there is not. */
export function finalHead(generations: readonly Generation[], shard: number): number | undefined {
  const generation = generationOf(generations, shard);
  return generation?.heads[shard - generation.first];
}
