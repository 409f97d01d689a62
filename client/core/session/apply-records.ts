/**
 * One page or batch of the log, applied to a draft: record by record, in order, whatever its mailbox. The same path
 * serves page reading and the tail, so a device ends in the same state however the records reached it.
 */
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { hex } from '#shared/sodium.ts';
import { create } from '@bufbuild/protobuf';
import { RecentRecordSchema, type RecentRecord } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { sameBytes } from '../domain/signing.ts';
import type { LogRecord } from '../relay/port.ts';
import { VaultFailure } from '../vault/port.ts';
import { SessionFailure } from './api.ts';
import type { Draft } from './draft.ts';
import { applyBoardDrop } from './boards/asks.ts';
import { Reading } from './boards/board-state.ts';
import { applyBoardRecord } from './boards/reading.ts';
import { applyNotice } from './bulletins.ts';
import { applyDrop } from './drops.ts';
import { putEvent } from './room-events.ts';
import { someExpired } from './repair/hearing.ts';
import { followChain } from './repair/standing.ts';
import { applyRoomRecord } from './room-records.ts';
import { giveWay } from './turns.ts';

/** How many records nobody here could open are kept, for the room this device may be welcomed into a moment later. */
export const RECENT_RECORDS = 4096;
/** As many as take a few milliseconds to open. */
const RECORDS_A_TURN = 16;

const KINDS = ['post', 'commit', 'drop', 'notice'] as const;

/**
 * @param expired runs of sequence numbers the relay says it no longer keeps
 * @returns false if a record is missing between the cursor and these: nothing was applied, read pages instead
 */
export async function applyRecords(
  draft: Draft, shard: number, records: readonly LogRecord[], expired: readonly { first: number; last: number }[] = [],
): Promise<boolean> {
  const before = draft.cursors.get(shard) ?? 0;
  let cursor = skipExpired(before, expired);
  const jumps = new Map([[before, cursor]]);
  const fresh = records.filter((record) => record.seq > cursor);
  for (const record of fresh) {
    if (record.seq !== cursor + 1) return false;
    cursor = skipExpired(record.seq, expired);
    jumps.set(record.seq, cursor);
  }
  skipOver(draft, shard, before, jumps);
  for (const [index, record] of fresh.entries()) {
    if (index % RECORDS_A_TURN === RECORDS_A_TURN - 1) await giveWay();
    followChain(draft, shard, record);
    await applyOrPassOver(draft, shard, record);
    skipOver(draft, shard, record.seq, jumps);
  }
  if (cursor !== before) {
    draft.cursors.set(shard, cursor);
    pruneRecent(draft, shard, before, cursor);
  }
  return true;
}

/** What is no more at the hub is not known to this device. */
function skipOver(draft: Draft, shard: number, from: number, jumps: ReadonlyMap<number, number>): void {
  const to = jumps.get(from) ?? from;
  if (to === from) return;
  draft.integrity.chain(shard).skipTo(to);
  someExpired(draft, shard);
}

function skipExpired(cursor: number, expired: readonly { first: number; last: number }[]): number {
  const run = expired.find(({ first, last }) => first <= cursor + 1 && cursor + 1 <= last);
  return run === undefined ? cursor : skipExpired(run.last, expired);
}

/**
 * Strangers write records, so one that nobody foresaw must not stand between a device and all that comes after it. The
 * device's own troubles are another matter: then nothing of the page counts, and it is read again.
 */
async function applyOrPassOver(draft: Draft, shard: number, record: LogRecord): Promise<void> {
  try {
    await draft.attempt(() => applyRecord(draft, shard, record));
  } catch (thrown) {
    if (thrown instanceof VaultFailure || thrown instanceof SessionFailure) throw thrown;
    const room = draft.roomAt(record.mailbox);
    if (room !== undefined) putEvent(draft, room.id, record.seq, 'hidden-record', new Uint8Array(0));
  }
}

async function applyRecord(draft: Draft, shard: number, record: LogRecord): Promise<void> {
  if (record.kind === 'drop') {
    if (sameBytes(record.mailbox, DROP_MAILBOX) && !(await applyBoardDrop(draft, record))) await applyDrop(draft, record);
    return;
  }
  const board = draft.boards.get(hex(record.mailbox));
  if (board?.reading === Reading.YES) {
    await applyBoardRecord(draft, board, record);
    return;
  }
  if (record.kind === 'notice') {
    applyNotice(draft, record);
    return;
  }
  const state = draft.roomAt(record.mailbox);
  if (state === undefined || !state.room.active || state.backlogFrom > 0) {
    draft.putRecent(shard, record.seq, toRecent(record));
  }
  if (state !== undefined && state.backlogFrom === 0) await applyRoomRecord(draft, state.id, record);
}

/** Old ones go a page at a time. */
function pruneRecent(draft: Draft, shard: number, before: number, cursor: number): void {
  const newestGone = cursor - RECENT_RECORDS;
  if (newestGone > 0) draft.forgetRecent(shard, Math.max(1, before - RECENT_RECORDS), newestGone);
}

export const toRecent = (record: LogRecord): RecentRecord =>
  create(RecentRecordSchema, {
    mailbox: record.mailbox, kind: KINDS.indexOf(record.kind), slot: BigInt(record.slot), body: record.body,
  });

export const fromRecent = (seq: number, recent: RecentRecord): LogRecord => ({
  seq: seq as LogRecord['seq'],
  mailbox: recent.mailbox as LogRecord['mailbox'],
  kind: KINDS[recent.kind] ?? 'post',
  slot: Number(recent.slot) as LogRecord['slot'],
  body: recent.body,
});
