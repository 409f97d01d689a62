/**
 * Which shards there are and which of them this device reads, as the hub tells it and the vault keeps it. The shards of a
 * closed generation are read to their end before anything newer, so a mailbox's records come in the order of the log.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Generation, generationAt, generationOf, newestOf, sameShards, shardIn } from '#shared/generations.ts';
import { mailboxId, type MailboxId } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { randomBytes } from '#shared/sodium.ts';
import { ReadLogSchema } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { LEAST_SHARDS, mostShardsIn, readSet, withDecoys } from '../domain/read-set.ts';
import type { Draft } from './draft.ts';
import { noticeRollback } from './rollback.ts';
import type { RoomState } from './room-state.ts';

export interface ReadGeneration extends Generation {
  /** In the order of their numbers. */
  readonly read: readonly number[];
}
/** One that the hub tells of no more. If that was a lie, it will again, and is read on from here. */
interface LeftGeneration extends Generation {
  /** By shard. */
  readonly cursors: ReadonlyMap<number, number>;
}
export interface Layout {
  /** Oldest first, at least one. */
  readonly generations: readonly ReadGeneration[];
  /** What shards are read by where not all are: mailboxes that were needed once, and made up ones. Only ever more. */
  readonly places: readonly MailboxId[];
  readonly left: readonly LeftGeneration[];
}
/** However often a hub changes its mind; the first ones stay, because lies come after the truth. */
const MOST_LEFT = 32;

/** Before the hub has told of any: everything is one shard. */
export const FIRST_LAYOUT: Layout = { generations: [{ first: 0, count: 1, base: 0, heads: [], read: [0] }], places: [], left: [] };

export const newestIn = (layout: Layout): ReadGeneration => newestOf(layout.generations) as ReadGeneration;

/** The shards a mailbox has been in since the record of this number, oldest first. */
export const pathOf = ({ generations }: Layout, mailbox: MailboxId, seq: number): readonly { readonly shard: number; readonly base: number; readonly isRead: boolean }[] =>
  generations.slice(generations.indexOf(generationAt(generations, seq) as ReadGeneration)).map((generation) => {
    const shard = shardIn(generation, mailbox);
    return { shard, base: generation.base, isRead: generation.read.includes(shard) };
  });

/** Whether something older than this shard's records is still to be read. */
export function isAhead(draft: Draft, shard: number): boolean {
  const { generations } = draft.layout;
  const own = generationOf(generations, shard);
  return generations.some((generation) => own !== undefined && generation.base < own.base && unread(draft, generation).length > 0);
}

/** Shards of a closed generation that are not read to their end. */
export const unread = ({ cursors }: Pick<Draft, 'cursors'>, { first, heads, read }: ReadGeneration): readonly number[] =>
  read.filter((shard) => (cursors.get(shard) ?? 0) < (heads[shard - first] ?? 0));

/** Takes over what the hub says of its shards. @returns false where that is nothing new */
export function followLayout(draft: Draft, told: readonly Generation[]): boolean {
  const known = knownGenerations(draft, told);
  const isNewcomer = known.length === 0;
  const left = leftAfter(draft, known, told);
  const generations = told.map((generation) => {
    const before = known.find((one) => sameShards(one, generation));
    if (before !== undefined) return { ...generation, read: before.read };
    // What was before this device came is not for it, and is no longer added to.
    if (isNewcomer && generation.heads.length > 0) return { ...generation, read: [] };
    const read = wanted(draft, { ...generation, read: [] });
    const cursors = draft.layout.left.find((one) => sameShards(one, generation))?.cursors;
    for (const shard of read) {
      const start = cursors?.get(shard) ?? generation.base;
      if (start > 0) draft.cursors.set(shard, start);
    }
    return { ...generation, read };
  });
  if (draft.hasLayout && JSON.stringify(generations) === JSON.stringify(known)) return false;
  if (!isNewcomer) noticeRollback(draft, known, told);
  draft.setLayout({ ...draft.layout, generations, left });
  return true;
}

/** What is left behind by going from the known generations to those told of, with how far it was read. */
function leftAfter(draft: Draft, known: readonly ReadGeneration[], told: readonly Generation[]): readonly LeftGeneration[] {
  const isTold = (generation: Generation) => told.some((one) => sameShards(one, generation));
  const gone = known.filter((generation) => !isTold(generation)).map(({ read, ...generation }) =>
    ({ ...generation, cursors: new Map(read.map((shard) => [shard, draft.cursors.get(shard) ?? generation.base])) }));
  return [...draft.layout.left.filter((one) => !isTold(one)), ...gone].slice(0, MOST_LEFT);
}

/** A vault from before there were generations has read everything there was. */
function knownGenerations(draft: Draft, told: readonly Generation[]): readonly ReadGeneration[] {
  if (draft.hasLayout) return draft.layout.generations;
  const [first] = told;
  const hasRead = draft.device.cursors.size > 0;
  return first === undefined || !hasRead ? [] : [{ ...first, heads: [], read: Array.from({ length: first.count }, (_, index) => first.first + index) }];
}

/** The shards of this generation to read: all, or where the stewards allow fewer, those of our rooms and decoys. */
export function wanted(draft: Draft, generation: ReadGeneration): readonly number[] {
  const most = mostShardsIn(draft.constitution.facts);
  const before = draft.layout.places;
  const places = withDecoys(before, needed(draft), most, aMailbox);
  // With nothing allowed there is nothing to hide among.
  if (most > LEAST_SHARDS && places.length > before.length) draft.setLayout({ ...draft.layout, places });
  return readSet(generation, most, places, generation.read);
}

function needed({ constitution, rooms }: Draft): readonly MailboxId[] {
  const bulletins = mailboxId(constitution.facts.bulletinMailbox);
  const ours = [...rooms.entries()].map(([, state]) => state).filter(({ room }) => room.active);
  return [DROP_MAILBOX, ...(bulletins === undefined ? [] : [bulletins]), ...ours.map(({ mailbox }) => mailbox)];
}

const aMailbox = (): MailboxId => mailboxId(randomBytes(16)) as MailboxId;

/** Begins to read shards. Rooms that waited for one go on with it. @param starts after which number, by shard */
export function beginReading(draft: Draft, starts: ReadonlyMap<number, number>): void {
  const newest = newestIn(draft.layout);
  const read = [...new Set([...newest.read, ...starts.keys()])].sort((a, b) => a - b);
  draft.setLayout({ ...draft.layout, generations: [...draft.layout.generations.slice(0, -1), { ...newest, read }] });
  for (const [shard, start] of starts) draft.cursors.set(shard, start);
  for (const [id, state] of [...draft.rooms.entries()]) {
    const start = starts.get(shardIn(newest, state.mailbox));
    if (start !== undefined && start <= state.backlogFrom) draft.rooms.set(id, { ...state, backlogFrom: 0 });
  }
}

/** After which record of a shard of the newest generation a room waits for it, where one does. */
export function neededAfter(rooms: Iterable<RoomState>, newest: ReadGeneration, shard: number): number | undefined {
  const waiting = [...rooms].filter(({ backlogFrom, mailbox }) => backlogFrom > 0 && shardIn(newest, mailbox) === shard);
  return waiting.length === 0 ? undefined : Math.max(newest.base, Math.min(...waiting.map(({ backlogFrom }) => backlogFrom)));
}

/** For a new room of ours, or one that moves: where this device reads already, or where the room was. */
export function newMailbox(layout: Layout, beside?: MailboxId): MailboxId | undefined {
  const newest = newestIn(layout);
  const fits = (mailbox: MailboxId) => (beside === undefined ? newest.read.includes(shardIn(newest, mailbox)) : shardIn(newest, mailbox) === shardIn(newest, beside));
  for (let tries = 0; tries < 4096; tries += 1) {
    const mailbox = mailboxId(randomBytes(16));
    if (mailbox === undefined || fits(mailbox)) return mailbox;
  }
  return mailboxId(randomBytes(16));
}

/** The number below the first one of this shard; 0 for a shard of the first generation. */
export const baseOf = ({ generations }: Layout, shard: number): number => generationOf(generations, shard)?.base ?? 0;

export const layoutBytes = ({ generations, places, left }: Layout): Uint8Array =>
  toBinary(ReadLogSchema, create(ReadLogSchema, {
    generations: generations.map(({ first, count, base, heads, read }) => ({ first, count, base: BigInt(base), heads: heads.map(BigInt), read: [...read] })),
    places: [...places],
    left: left.map(({ first, count, base, cursors }) =>
      ({ first, count, base: BigInt(base), cursors: Object.fromEntries([...cursors].map(([shard, cursor]) => [shard, BigInt(cursor)])) })),
  }));

export function layoutFrom(bytes: Uint8Array): Layout {
  const { generations, places, left } = fromBinary(ReadLogSchema, bytes);
  return {
    generations: generations.map(({ first, count, base, heads, read }) => ({ first, count, base: Number(base), heads: heads.map(Number), read })),
    places: places.map(mailboxId).filter((place) => place !== undefined),
    left: left.map(({ first, count, base, cursors }) =>
      ({ first, count, base: Number(base), heads: [], cursors: new Map(Object.entries(cursors).map(([shard, cursor]) => [Number(shard), Number(cursor)])) })),
  };
}
