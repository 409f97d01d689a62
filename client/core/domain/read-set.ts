/**
 * Which shards a device reads. Those it needs are hidden among as many it does not need, or more. What was read once is
 * read always, so that neither a restart nor a room more or less shows by comparing what was read before and after.
 */

/** Also for somebody in no room: up to half as many shards of rooms look the same from outside. */
const LEAST = 4;

export interface Needs {
  /** The generation's shards are first .. first + count - 1. */
  readonly first: number;
  readonly count: number;
  /** Shards that every device of the hub reads, and that tell nothing therefore. */
  readonly common: readonly number[];
  /** Shards of this device's own rooms. */
  readonly needed: readonly number[];
  /** Read so far. */
  readonly previous: readonly number[];
}

/**
 * Besides the common ones: a power of two, at least 4, at least twice as many as are needed; or all there are.
 * @param random a uniform number from 0 to below `limit`
 * @returns in the order of their numbers, which is the order they are read in
 */
export function readSet({ first, count, common, needed, previous }: Needs, random: (limit: number) => number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => first + index);
  const chosen = new Set([...previous, ...needed].filter((shard) => !common.includes(shard)));
  const own = new Set(needed.filter((shard) => !common.includes(shard)));
  const size = powerOfTwo(Math.max(LEAST, 2 * own.size, chosen.size));
  const rest = all.filter((shard) => !chosen.has(shard) && !common.includes(shard));
  while (chosen.size < size && rest.length > 0) chosen.add(rest.splice(random(rest.length), 1)[0] as number);
  return all.filter((shard) => chosen.has(shard) || common.includes(shard));
}

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least));

/**
 * Where shards start that a device begins to read later than others: all of them the same distance behind their newest
 * record, in whole pages and a power of two of them, so that the needed one is like its decoys.
 * @param started shard, newest record, and the record after which it is needed, where it is
 * @returns by shard: the sequence number after which to read
 */
export function startsOf(
  started: readonly { readonly shard: number; readonly head: number; readonly neededAfter: number | undefined }[], base: number, pageSize: number,
): ReadonlyMap<number, number> {
  const behind = started.map(({ head, neededAfter }) => (neededAfter === undefined ? 0 : Math.max(0, head - neededAfter)));
  const pages = powerOfTwo(Math.max(LEAST, ...behind.map((records) => Math.ceil(records / pageSize) + 1)));
  return new Map(started.map(({ shard, head }) => [shard, Math.max(base, (Math.floor(head / pageSize) - pages) * pageSize)]));
}
