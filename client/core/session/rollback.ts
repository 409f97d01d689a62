/**
 * The hub was set back to an older copy: the log ends below what this device has read. The person is told. Rooms whose
 * present keys the copy has never heard of cannot be posted to any more, so they wait to be replanted; what was
 * acknowledged and is gone is sent again; and the hub gets again what only this device can give it.
 */
import { create } from '@bufbuild/protobuf';
import { type Generation, finalHead, generationAt, sameShards, shardIn } from '#shared/generations.ts';
import { LostPlaceSchema, type LostPlace } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { raiseAlarm } from './alarms.ts';
import { RECENT_RECORDS } from './apply-records.ts';
import type { Draft } from './draft.ts';
import type { ReadGeneration } from './layout.ts';
import { hex } from '#shared/sodium.ts';
import { checkAcknowledged, sendAgain } from './outbox-state.ts';
import { goOn, unsealPosts } from './room-records.ts';
import type { RoomState } from './room-state.ts';

/** The hub closed its shards as the copy had them, and began new ones. @param known as it was before @param told as it is now */
export function noticeRollback(draft: Draft, known: readonly ReadGeneration[], told: readonly Generation[]): void {
  const fate = (generation: Generation) => told.find((one) => sameShards(one, generation));
  const isCut = (generation: ReadGeneration) => {
    const now = fate(generation);
    if (now === undefined) return true;
    if (generation.heads.join() === now.heads.join()) return false;
    return generation.read.some((shard) => (draft.cursors.get(shard) ?? 0) > (finalHead([now], shard) ?? Number.POSITIVE_INFINITY));
  };
  if (!known.some(isCut)) return;
  mend(draft, (state) => {
    const generation = generationAt(known, state.epochSeq);
    const now = fate(generation);
    const isLost = now === undefined || state.epochSeq > (finalHead([now], shardIn(now, state.mailbox)) ?? Number.POSITIVE_INFINITY);
    return isLost ? lostFrom(generation, false) : undefined;
  });
  draft.afterwards(() => void draft.device.change(async (next) => checkAcknowledged(next)).catch(() => undefined));
}

/** A hub that gives its numbers out a second time: it goes on at `head`, below what was read of this shard. */
export function noticeShorter(draft: Draft, shard: number, head: number): void {
  const cursor = draft.cursors.get(shard) ?? 0;
  if (head >= cursor) return;
  mend(draft, ({ epochSeq, mailbox }) => {
    const isLost = epochSeq > head && draft.device.shardAt(mailbox, epochSeq) === shard;
    return isLost ? lostFrom(generationAt(draft.layout.generations, epochSeq), true) : undefined;
  });
  draft.forgetRecent(shard, Math.max(head, cursor - RECENT_RECORDS) + 1, cursor);
  draft.integrity.chain(shard).rewind(head);
  draft.cursors.set(shard, head);
  for (const [order, { what }] of draft.outbox.entries()) {
    const mailbox = what.case === 'message' ? draft.rooms.get(hex(what.value.mailbox))?.mailbox : undefined;
    if (what.case !== 'message' || mailbox === undefined || Number(what.value.acknowledgedSeq) <= head) continue;
    if (draft.device.shardAt(mailbox, Number(what.value.acknowledgedSeq)) === shard) sendAgain(draft, order);
  }
}

/**
 * The hub says again that it has a shard as this device knew it, and it goes on to `head`: it was set back in word only.
 * Rooms that waited to be replanted for that go on.
 */
export function noticeWhole(draft: Draft, shard: number, head: number): void {
  for (const [, state] of [...draft.rooms.entries()]) {
    const { stuck, epochSeq, mailbox } = state;
    if (stuck?.lost === undefined || stuck.lost.readAnew || epochSeq > head) continue;
    const { first, count, base } = stuck.lost;
    const generation = draft.layout.generations.find((one) => sameShards(one, { first, count, base: Number(base), heads: [] }));
    if (generation !== undefined && shardIn(generation, mailbox) === shard) goOn(draft, state);
  }
}

const lostFrom = ({ first, count, base }: Generation, readAnew: boolean): LostPlace =>
  create(LostPlaceSchema, { first, count, base: BigInt(base), readAnew });

/** @param lostAt where the present keys of a room stood, if they are lost */
function mend(draft: Draft, lostAt: (state: RoomState) => LostPlace | undefined): void {
  raiseAlarm(draft, 'rolled-back');
  for (const [id, state] of [...draft.rooms.entries()]) {
    if (!state.room.active) continue;
    const lost = state.epochSeq > 0 ? lostAt(state) : undefined;
    if (lost !== undefined) {
      draft.rooms.set(id, waiting(state, lost));
      unsealPosts(draft, waiting(state, lost));
    } else if (state.room.epoch === 0) {
      draft.rooms.set(id, { ...state, opened: false });
    }
  }
  const { founder } = draft.profile;
  // Key packages that were used meanwhile wait in the copy's pools again.
  draft.setProfile({ poolsAnew: true, ...(founder && { founder: { ...founder, postedVersion: 0 } }) });
  draft.emit({ changed: 'rooms' });
  draft.afterwards(() => draft.device.wake.rollback());
}

/** A room that somebody broke waits for that already. One that is thought lost a second time was lost where it was first. */
function waiting(state: RoomState, lost: LostPlace): RoomState {
  if (state.stuck !== undefined && !state.stuck.rolledBack) return state;
  const before = state.stuck?.lost;
  const place = before === undefined ? lost : { ...before, readAnew: before.readAnew || lost.readAnew };
  // Should the log show our own change all the same, it counts.
  const pending = state.pending && { ...state.pending, withdrawn: true };
  return { ...state, pending, stuck: { by: new Uint8Array(0), rolledBack: true, lost: place, decided: false } };
}
