/** A Welcome in the log. A device knows its own by a tag derived from a key package it made. */
import { fromBinary } from '@bufbuild/protobuf';
import { WelcomeDropSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { mailboxId, type MailboxId } from '#shared/ids.ts';
import { RecentRecordSchema, type StoredKeyPackage } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import { isNewer, readCard } from '../domain/people.ts';
import { sameBytes } from '../domain/signing.ts';
import { MlsFailure, type OwnKeyPackage, type Room } from '../mls/port.ts';
import type { LogRecord } from '../relay/port.ts';
import { ed25519Verify, fromHex, hex } from '../sodium.ts';
import { fromRecent, RECENT_RECORDS } from './apply-records.ts';
import type { Draft } from './draft.ts';
import { judgeBy } from './judging.ts';
import { replantedFrom } from './replanted.ts';
import { applyRoomRecord, putEvent, unsealPosts } from './room-records.ts';
import { enteredRoom, roomIdOf, settingsOf, type RoomState } from './room-state.ts';

const TAG_BYTES = 8;

export async function applyDrop(draft: Draft, record: LogRecord): Promise<void> {
  const tag = hex(record.body.subarray(0, TAG_BYTES));
  const stored = draft.keyPackages.get(tag);
  if (stored === undefined) return;
  const own: OwnKeyPackage = { keyPackage: stored.keyPackage, secret: stored.secret, tag: fromHex(tag) as Uint8Array };
  const opened = await draft.device.mls.openDrop(own, record.body);
  const drop = opened && decode(WelcomeDropSchema, opened);
  const mailbox = drop && mailboxId(drop.mailbox);
  if (drop === undefined || mailbox === undefined) return;

  const known = draft.roomAt(mailbox);
  // A mailbox that one of our rooms has left.
  if (known === undefined && draft.rooms.get(roomIdOf(mailbox)) !== undefined) return;
  const commitSeq = Number(drop.commitSeq);
  // A copy of a Welcome already used, or one from before this device was last removed.
  if (known !== undefined && (known.room.active || commitSeq <= known.joinedSeq)) return;

  const room = await join(draft, drop.welcome, own, mailbox);
  if (room === undefined) return;
  const replanting = known === undefined ? replantedFrom(draft, settingsOf(room), mailbox, commitSeq) : undefined;
  if (replanting === 'refused') return;
  spend(draft, tag, stored);
  const card = readCard(drop.card, draft.device.hub, ed25519Verify);
  if (card !== undefined && isNewer(card, draft.people.get(hex(card.facts.memberKey)))) {
    draft.people.set(hex(card.facts.memberKey), card);
  }
  await enter(draft, { mailbox, room, commitSeq, before: known ?? replanting?.before, planted: replanting?.planted }, card?.facts.memberKey ?? new Uint8Array(0));
}

/** @returns undefined for a Welcome that is replayed, foreign, or into a room with a ghost in it */
async function join(draft: Draft, welcome: Uint8Array, own: OwnKeyPackage, mailbox: MailboxId): Promise<Room | undefined> {
  const { mls, hub } = draft.device;
  try {
    return await mls.join(welcome, own, { mailbox, hub }, judgeBy(draft.constitution));
  } catch (thrown) {
    if (thrown instanceof MlsFailure) return undefined;
    throw thrown;
  }
}

/** The last-resort package stays, the others open one Welcome only. */
function spend(draft: Draft, tag: string, stored: StoredKeyPackage): void {
  if (!stored.lastResort) draft.keyPackages.delete(tag);
  draft.afterwards(() => draft.device.wake.keyPackages());
}

interface Entering {
  readonly mailbox: MailboxId;
  readonly room: Room;
  readonly commitSeq: number;
  /** The same room as this device knew it: before it was removed, or before the room was replanted. */
  readonly before: RoomState | undefined;
  readonly planted: RoomState['planted'];
}

async function enter(draft: Draft, { mailbox, room, commitSeq, before, planted }: Entering, by: Uint8Array): Promise<void> {
  const id = before?.id ?? roomIdOf(mailbox);
  const shard = draft.device.shardOf(mailbox);
  const cursor = draft.cursors.get(shard) ?? 0;
  const reachable = cursor - commitSeq < RECENT_RECORDS;
  const state = enteredRoom({
    id, mailbox, room, readSeq: before?.readSeq ?? 0, unread: before?.unread ?? 0,
    joinedSeq: commitSeq, opened: true, backlogFrom: reachable ? 0 : commitSeq, planted,
  });
  draft.rooms.set(id, state);
  if (planted === undefined) putEvent(draft, id, commitSeq, 'joined', by);
  else {
    putEvent(draft, id, commitSeq, 'replanted', by, planted.without);
    unsealPosts(draft, state);
    draft.afterwards(() => draft.device.wake.outbox());
  }
  draft.emit({ changed: 'rooms' });
  draft.emit({ changed: 'people' });
  if (reachable) await replayRecent(draft, id, commitSeq);
  else draft.afterwards(() => draft.device.wake.backlog());
}

/** What came between the commit and the Welcome was put aside unread; it is read now, in order. */
export async function replayRecent(draft: Draft, room: string, after: number): Promise<void> {
  const state = draft.rooms.get(room);
  if (state === undefined) return;
  const shard = draft.device.shardOf(state.mailbox);
  const kept = await draft.device.vault.range('recent', String(shard), { from: after + 1 });
  const records = [
    ...kept.map(({ order, value }) => ({ seq: order, record: fromBinary(RecentRecordSchema, value) })),
    ...draft.recentHere(shard).filter(({ seq }) => seq > after),
  ].filter(({ record }) => sameBytes(record.mailbox, state.mailbox)).sort((a, b) => a.seq - b.seq);
  for (const { seq, record } of records) {
    draft.dropRecent(shard, seq);
    await applyRoomRecord(draft, room, fromRecent(seq, record));
  }
}
