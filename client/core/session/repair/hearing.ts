/**
 * Which messages of another device came. Each carries its number among that device's messages since the last commit, so
 * one that was held back is noticed at the next, and two that changed places at the second.
 */
import { RoomContentSchema, type Again, type RoomContent } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from '../../domain/parsing.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import type { Leaf } from '../../mls/port.ts';
import { hex } from '#shared/sodium.ts';
import { raiseAlarm } from '../alarms.ts';
import type { Draft } from '../draft.ts';
import { namedMember } from '../judging.ts';
import { putEvent } from '../room-events.ts';
import type { RoomState } from '../room-state.ts';
import { type Counts, countsIn, type Missing } from './counts.ts';

/** Of one gap that are asked for; of the rest it is said how many. */
const MOST_NAMED = 64;
/** Whoever claims to have sent more is not believed further. */
const MOST_BELIEVED = 9_999;
/** Gaps that are remembered in a room. */
const MOST_GAPS = 64;

export interface HeardFrom {
  readonly leaf: Leaf;
  /** Member key. */
  readonly sender: Uint8Array;
  readonly content: RoomContent;
  readonly seq: number;
}

/** Counts a message of another device. What did not come before it is told, in front of it. @param state as it was when it was sent */
export function hear(draft: Draft, state: RoomState, { leaf, sender, content, seq }: HeardFrom): void {
  if (content.again !== undefined && mayAnswer(draft, state, content.again, leaf)) cameAgain(draft, state.id, content);
  if (sameBytes(sender, draft.device.member.key)) heardOwn(draft, state, { leaf, content, seq });
  const nth = content.standing?.nth ?? 0;
  if (nth === 0) return;
  const counts = countsIn(draft.integrity.countsOf(state.id), state.room.epoch);
  const last = counts.heard.get(leaf.index) ?? 0;
  if (nth <= last) {
    cameLate(draft, state.id, counts, { leaf, sender, nth });
    return;
  }
  const known = content.again && sameBytes(content.again.leafKey, leaf.leafKey) && Number(content.again.epoch) === counts.epoch ? content.again.nth : [];
  const lost = namesOf(last + 1, nth - 1).filter((one) => !known.includes(one));
  const unnamed = Math.max(0, Math.min(nth - 1 - last, MOST_BELIEVED) - MOST_NAMED);
  const expired = counts.since !== undefined && !counts.since.includes(leaf.index);
  const heard = new Map(counts.heard).set(leaf.index, nth);
  const since = expired ? [...(counts.since ?? []), leaf.index] : counts.since;
  const missing = lost.length === 0 ? counts.missing : [...counts.missing.slice(1 - MOST_GAPS), tellMissing(draft, state, { leaf, sender, nth: lost, unnamed, expired })];
  draft.integrity.counts.set(state.id, { ...counts, heard, since, missing });
}

const namesOf = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, Math.min(MOST_NAMED, to - from + 1)) }, (_, index) => Math.max(from, to - MOST_NAMED + 1) + index);

interface Lost {
  readonly leaf: Leaf;
  readonly sender: Uint8Array;
  readonly nth: number[];
  readonly unnamed: number;
  readonly expired: boolean;
}

function tellMissing(draft: Draft, state: RoomState, { leaf, sender, nth, unnamed, expired }: Lost): Missing {
  // Where the record stood that is not there, if there is room for it.
  putEvent(draft, state.id, (draft.lastPlaces.get(state.id) ?? 0) + 1, 'missing', sender, [], `${expired ? 'expired' : 'withheld'} ${nth.length + unnamed}`);
  return { place: BigInt(draft.lastPlaces.get(state.id) ?? 0), leafKey: leaf.leafKey, epoch: BigInt(state.room.epoch), nth, unnamed, asked: false, gone: false, sender };
}

/** It came after one that was sent later. */
function cameLate(draft: Draft, room: string, counts: Counts, { leaf, sender, nth }: { leaf: Leaf; sender: Uint8Array; nth: number }): void {
  const isIt = (gap: Missing) => sameBytes(gap.leafKey, leaf.leafKey) && Number(gap.epoch) === counts.epoch && gap.nth.includes(nth);
  if (!counts.missing.some(isIt)) return;
  draft.integrity.counts.set(room, { ...counts, missing: counts.missing.map((gap) => (isIt(gap) ? without(gap, [nth]) : gap)) });
  draft.emit({ changed: 'repair', room });
  raiseAlarm(draft, 'reordered', hex(sender));
}

/** Only the device itself, or another of the same member, sends a message again. */
function mayAnswer(draft: Draft, { id, room }: RoomState, { leafKey }: Again, leaf: Leaf): boolean {
  const by = namedMember(leaf);
  const gap = draft.integrity.countsOf(id).missing.find((one) => sameBytes(one.leafKey, leafKey));
  const owner = gap?.sender ?? room.leaves.filter((one) => sameBytes(one.leafKey, leafKey)).map(namedMember)[0];
  return owner !== undefined && includesKey([owner], by);
}

function cameAgain(draft: Draft, room: string, { again, body }: RoomContent): void {
  if (again === undefined) return;
  const counts = draft.integrity.countsOf(room);
  const isIt = (gap: Missing) => sameBytes(gap.leafKey, again.leafKey) && gap.epoch === again.epoch && gap.nth.some((nth) => again.nth.includes(nth));
  if (!counts.missing.some(isIt)) return;
  const answered = (gap: Missing): Missing => (body.case === undefined ? { ...gap, gone: true } : without(gap, again.nth));
  draft.integrity.counts.set(room, { ...counts, missing: counts.missing.map((gap) => (isIt(gap) ? answered(gap) : gap)) });
  draft.emit({ changed: 'repair', room });
}

const without = (gap: Missing, came: readonly number[]): Missing => ({ ...gap, nth: gap.nth.filter((nth) => !came.includes(nth)) });

/** Records of these shards were gone from the hub before this device came to read them: what is missing may be among those. */
export function someExpired(draft: Draft, shard: number): void {
  for (const [id, state] of [...draft.rooms.entries()]) {
    if (!state.room.active || draft.device.shardOf(state.mailbox) !== shard) continue;
    draft.integrity.counts.set(id, { ...countsIn(draft.integrity.countsOf(id), state.room.epoch), since: [] });
  }
}

// ---------------------------------------------------------------- our own

const NO_LEAF = new Uint8Array(0);
/** Remembered of a room, to be sent again. */
const MOST_SENT = 128;

interface OwnPost {
  readonly epoch: number;
  readonly nth: number;
  readonly seq: number;
  readonly content: Pick<RoomContent, 'id' | 'thread'>;
}

/** Of a message that was acknowledged or came back: the next one has the next number. */
export function countOwn(draft: Draft, room: string, { epoch, nth, seq, content: { id, thread } }: OwnPost): void {
  if (nth === 0) return;
  const counts = countsIn(draft.integrity.countsOf(room), epoch);
  const before = counts.sent.find((one) => Number(one.epoch) === epoch && one.nth === nth && sameBytes(one.id, id) && one.leafKey.length === 0);
  const sent = [...counts.sent.filter((one) => one !== before), { epoch: BigInt(epoch), nth, id, seq: BigInt(seq), again: before?.again ?? 0, leafKey: NO_LEAF, ...(thread && { thread }) }];
  draft.integrity.counts.set(room, { ...counts, own: Math.max(counts.own, nth), sent: sent.slice(-MOST_SENT) });
}

/** What another device of this person sent: should that one be away, this one can send it again. */
function heardOwn(draft: Draft, { id: room, room: { epoch } }: RoomState, { leaf, content: { id, thread, standing, again }, seq }: Omit<HeardFrom, 'sender'>): void {
  const nth = standing?.nth ?? 0;
  if (again !== undefined) dropAnswer(draft, room, again);
  if (nth === 0 || again !== undefined) return;
  const counts = countsIn(draft.integrity.countsOf(room), epoch);
  const sent = [...counts.sent, { epoch: BigInt(epoch), nth, id, seq: BigInt(seq), again: 0, leafKey: leaf.leafKey, ...(thread && { thread }) }];
  draft.integrity.counts.set(room, { ...counts, sent: sent.slice(-MOST_SENT) });
}

/** Another device was quicker: what this one had ready to send again stays here. */
function dropAnswer(draft: Draft, room: string, again: Again): void {
  for (const [order, { what }] of [...draft.outbox.entries()]) {
    if (what.case !== 'message' || what.value.sealed !== undefined || hex(what.value.mailbox) !== room) continue;
    const ready = decode(RoomContentSchema, what.value.content)?.again;
    if (ready !== undefined && sameBytes(ready.leafKey, again.leafKey) && ready.epoch === again.epoch && ready.nth.every((nth) => again.nth.includes(nth))) draft.outbox.delete(order);
  }
}
