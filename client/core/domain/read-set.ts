/**
 * Which shards a device reads: all of them, unless the hub's stewards allow it to read fewer. How many there are is only
 * the relay's word, so nothing is left out by that word alone. Where fewer are read, those a device needs are hidden among
 * others that it reads because of mailboxes made up for the purpose. They are kept like real ones and fall into the shards
 * of every generation as real ones do, so that the sets of two generations tell no more than one.
 */
import { shardIn, type Generation } from '#shared/generations.ts';
import { type MailboxId, shardOf } from '#shared/ids.ts';
import { sameBytes } from './signing.ts';

/** Up to so many shards, everything is read, whatever a bulletin says; and no device reads fewer. */
export const LEAST_SHARDS = 16;
const MOST_SHARDS = 256;

/** With up to how many shards a device of this hub may read only some of them: a power of two from 16. */
export const mostShardsIn = ({ mostShards }: { readonly mostShards: number }): number =>
  2 ** Math.floor(Math.log2(Math.min(MOST_SHARDS, Math.max(LEAST_SHARDS, mostShards))));

/** Whether every shard is read: there are few, or more than the stewards have said there would be. */
export const readsAll = (count: number, mostShards: number): boolean => count <= LEAST_SHARDS || count > mostShards;

/**
 * @param places what shards are read by, see withDecoys()
 * @param previous read so far: what was read once is read always
 * @returns in the order of their numbers, which is the order they are read in
 */
export function readSet(generation: Generation, mostShards: number, places: readonly MailboxId[], previous: readonly number[]): readonly number[] {
  const { first, count } = generation;
  const all = Array.from({ length: count }, (_, index) => first + index);
  if (readsAll(count, mostShards)) return all;
  const chosen = new Set<number>([...previous, ...places.map((mailbox) => shardIn(generation, mailbox))]);
  return all.filter((shard) => chosen.has(shard));
}

/**
 * The mailboxes by which shards are read: those so far, those needed, and as many made up that with any number of shards
 * the stewards allow, at least 16 are read, at least twice as many as are needed, and a power of two. That does not depend
 * on how many there are just now, so nothing the relay says makes a device add one.
 * @param draw a mailbox id at random
 */
export function withDecoys(places: readonly MailboxId[], needed: readonly MailboxId[], mostShards: number, draw: () => MailboxId): readonly MailboxId[] {
  const all = [...places, ...needed.filter((mailbox) => !places.some((place) => sameBytes(place, mailbox)))];
  for (let count = 2 * LEAST_SHARDS; count <= mostShards; count *= 2) {
    const [read, above] = [shardsOf(all, count), shardsOf(all, count / 2)];
    const size = Math.min(count, powerOfTwo(Math.max(LEAST_SHARDS, 2 * shardsOf(needed, count).size, read.size)));
    while (read.size < size) {
      const decoy = draw();
      // With half as many shards there are enough already: it falls into one of those, or there would be one too many.
      const fits = count === 2 * LEAST_SHARDS || above.has(shardOf(decoy, count / 2));
      if (!fits || read.has(shardOf(decoy, count))) continue;
      read.add(shardOf(decoy, count));
      all.push(decoy);
    }
  }
  return all;
}

const shardsOf = (mailboxes: readonly MailboxId[], count: number): Set<number> => new Set(mailboxes.map((mailbox) => shardOf(mailbox, count)));

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least));

/** Of a room that came later, at least so many pages are read. */
const LEAST_PAGES = 4;

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
  const pages = powerOfTwo(Math.max(LEAST_PAGES, ...behind.map((records) => Math.ceil(records / pageSize) + 1)));
  return new Map(started.map(({ shard, head }) => [shard, Math.max(base, (Math.floor(head / pageSize) - pages) * pageSize)]));
}
