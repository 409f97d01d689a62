/** Who gets a place in the log: the rules of one batch, without any database. */
import type { Seq, ShardIndex, Slot } from '#shared/ids.ts';
import { type PaidToken, keyOf } from '../postage/tokens.ts';
import type { Arrival, Outcome, Place } from './posting.store.ts';

/** What the batch's transaction found, and holds still. */
export interface Found {
  /** Of the shards that take records. */
  readonly heads: ReadonlyMap<ShardIndex, number>;
  /** Keys of the tokens that nobody had spent before this batch. */
  readonly fresh: ReadonlySet<string>;
  /** By index of arrival. */
  readonly standings: readonly { readonly slot: Slot | undefined; readonly first: Place | undefined }[];
}
export interface Verdict {
  readonly outcomes: readonly Outcome[];
  /** Those with a place, in order. */
  readonly accepted: readonly { readonly arrival: Arrival; readonly seq: Seq }[];
  readonly heads: ReadonlyMap<ShardIndex, number>;
  /** Fresh tokens of arrivals that got no place. */
  readonly unspent: readonly PaidToken[];
}

/** A body that is there already is a duplicate even if the slot has moved on: its sender is told where it stands. */
export function judge(arrivals: readonly Arrival[], found: Found): Verdict {
  const heads = new Map(found.heads);
  const slots = new Map<string, Slot>();
  const places = new Map<string, Place>();
  const fresh = new Set(found.fresh);
  const accepted: { arrival: Arrival; seq: Seq }[] = [];
  const outcomes = arrivals.map((arrival, index): Outcome => {
    const mailbox = Buffer.from(arrival.mailbox).toString('hex');
    const body = `${mailbox} ${Buffer.from(arrival.bodyHash).toString('hex')}`;
    const standing = found.standings[index];
    const current = slots.get(mailbox) ?? standing?.slot;
    const head = heads.get(arrival.shard);
    const first = standing?.first ?? places.get(body);
    if (current === undefined) return { what: 'unknown-mailbox' };
    if (first !== undefined) return { what: 'duplicate', place: first };
    if (head === undefined) return { what: 'moved' };
    if (arrival.slot !== current) return { what: 'wrong-slot', current };
    if (!arrival.paid.every((token) => fresh.has(keyOf(token)))) return { what: 'postage-spent' };
    for (const token of arrival.paid) fresh.delete(keyOf(token));
    const place: Place = { shard: arrival.shard, seq: (head + 1) as Seq };
    heads.set(arrival.shard, place.seq);
    places.set(body, place);
    slots.set(mailbox, (arrival.nextKey === undefined ? current : current + 1) as Slot);
    accepted.push({ arrival, seq: place.seq });
    return { what: 'posted', place };
  });
  return { outcomes, accepted, heads, unspent: arrivals.flatMap(({ paid }) => paid).filter((token) => fresh.has(keyOf(token))) };
}
