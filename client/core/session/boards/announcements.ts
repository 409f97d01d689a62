/** What was announced, in the vault: one entry for each record that was taken, in the order of the log. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { hex } from '#shared/sodium.ts';
import type { ContentFacts } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { StoredAnnouncementSchema, StoredAnnouncement_VersionSchema, type StoredAnnouncement, type StoredBoard } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Judged } from '../../domain/boards/judging.ts';
import type { AnnouncementId, BoardId } from '../api.ts';
import type { Draft } from '../draft.ts';
import { announcementKey } from './board-state.ts';

const placeOf = (board: BoardId, order: number) => ({ collection: 'announcements', scope: board, order }) as const;

export const isTaken = (draft: Draft, board: BoardId, id: Uint8Array): boolean => draft.announcementSeqs.get(announcementKey(board, id)) !== undefined;

/** The announcement with this id, without those that only say something of one. */
export async function findAnnouncement(draft: Draft, board: BoardId, id: Uint8Array): Promise<StoredAnnouncement | undefined> {
  const seq = draft.announcementSeqs.get(announcementKey(board, id));
  const value = seq === undefined ? undefined : await draft.entries.get(placeOf(board, seq));
  const stored = value && fromBinary(StoredAnnouncementSchema, value);
  return stored?.text === undefined ? undefined : stored;
}

export function putAnnouncement(draft: Draft, board: BoardId, stored: StoredAnnouncement): void {
  draft.announcementSeqs.set(announcementKey(board, stored.id), Number(stored.seq));
  draft.entries.put(placeOf(board, Number(stored.seq)), toBinary(StoredAnnouncementSchema, stored));
  draft.emit({ changed: 'announcements', board });
  draft.emit({ changed: 'boards' });
}

/** @param seq where it stands in the log @param isOwn it was signed on this device: nothing new to whoever uses it */
export async function takeContent(draft: Draft, { board }: StoredBoard, { content, sentAt }: Judged, seq: number, isOwn: boolean): Promise<void> {
  const id = hex(board);
  const about = await change(draft, id, content, sentAt);
  if (about !== undefined) putAnnouncement(draft, id, about);
  const text = content.what.case === 'announcement' ? content.what.value : undefined;
  putAnnouncement(draft, id, create(StoredAnnouncementSchema, {
    id: content.id, seq: BigInt(seq), sentAtMs: BigInt(sentAt), read: isOwn, ...(text && { text, pinned: text.pinned }),
  }));
}

/** What it says of another one, done. */
async function change(draft: Draft, board: BoardId, { what }: ContentFacts, at: number): Promise<StoredAnnouncement | undefined> {
  if (what.case === undefined || what.case === 'announcement') return undefined;
  const found = await findAnnouncement(draft, board, what.value.of);
  if (found === undefined || found.withdrawnAtMs > 0n) return undefined;
  switch (what.case) {
    case 'correction': {
      const { text, note } = what.value;
      const versions = [...found.versions, create(StoredAnnouncement_VersionSchema, { ...(found.text && { text: found.text }), untilMs: BigInt(at) })];
      return { ...found, ...(text && { text }), versions, correctedAtMs: BigInt(at), correction: note, read: false };
    }
    case 'withdrawal': return { ...found, withdrawnAtMs: BigInt(at), withdrawal: what.value.note, pinned: false, read: true };
    case 'totals': return { ...found, totals: what.value };
    case 'pinning': return { ...found, pinned: !what.value.off };
  }
}
