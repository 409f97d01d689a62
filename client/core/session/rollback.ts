/**
 * The hub was set back to an older copy: the log ends below what this device has read. The person is told. Rooms whose
 * present keys the copy has never heard of cannot be posted to any more, so they wait to be replanted; what was
 * acknowledged and is gone is sent again; and the hub gets again what only this device can give it.
 */
import { type Generation, finalHead, generationAt, sameShards, shardIn } from '#shared/generations.ts';
import { raiseAlarm } from './alarms.ts';
import { RECENT_RECORDS } from './apply-records.ts';
import type { Draft } from './draft.ts';
import type { ReadGeneration } from './layout.ts';
import { hex } from '#shared/sodium.ts';
import { checkAcknowledged, sendAgain } from './outbox-state.ts';
import { unsealPosts } from './room-records.ts';
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
    return now === undefined || state.epochSeq > (finalHead([now], shardIn(now, state.mailbox)) ?? Number.POSITIVE_INFINITY);
  });
  draft.afterwards(() => void draft.device.change(async (next) => checkAcknowledged(next)).catch(() => undefined));
}

/** A hub that gives its numbers out a second time: it goes on at `head`, below what was read of this shard. */
export function noticeShorter(draft: Draft, shard: number, head: number): void {
  const cursor = draft.cursors.get(shard) ?? 0;
  if (head >= cursor) return;
  mend(draft, ({ epochSeq, mailbox }) => epochSeq > head && draft.device.shardAt(mailbox, epochSeq) === shard);
  for (let seq = Math.max(head, cursor - RECENT_RECORDS) + 1; seq <= cursor; seq += 1) draft.dropRecent(shard, seq);
  draft.cursors.set(shard, head);
  for (const [order, { what }] of draft.outbox.entries()) {
    const mailbox = what.case === 'message' ? draft.rooms.get(hex(what.value.mailbox))?.mailbox : undefined;
    if (what.case !== 'message' || mailbox === undefined || Number(what.value.acknowledgedSeq) <= head) continue;
    if (draft.device.shardAt(mailbox, Number(what.value.acknowledgedSeq)) === shard) sendAgain(draft, order);
  }
}

function mend(draft: Draft, isLost: (state: RoomState) => boolean): void {
  raiseAlarm(draft, 'rolled-back');
  for (const [id, state] of [...draft.rooms.entries()]) {
    if (!state.room.active) continue;
    if (state.epochSeq > 0 && isLost(state)) {
      const stuck: RoomState = { ...state, pending: undefined, stuck: { by: new Uint8Array(0), rolledBack: true } };
      draft.rooms.set(id, stuck);
      unsealPosts(draft, stuck);
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
