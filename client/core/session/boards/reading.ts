/** A record in the mailbox of a board that this device reads. */
import { ed25519Verify, hex, sha256 } from '#shared/sodium.ts';
import { create, fromBinary } from '@bufbuild/protobuf';
import { BoardPostingSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { RecentRecordSchema, StoredBoard_BeginningSchema, type StoredBoard } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { entryOf } from '../../domain/boards/entry.ts';
import { judgePosting } from '../../domain/boards/judging.ts';
import { decode } from '../../domain/parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf } from '../../domain/signing.ts';
import type { LogRecord } from '../../relay/port.ts';
import { fromRecent } from '../apply-records.ts';
import type { Draft } from '../draft.ts';
import { isTaken, takeContent } from './announcements.ts';
import { readerKeys, writerOf } from './board-keys.ts';
import { openRecord } from './board-record.ts';
import { eraKeysOf, inEra, Reading, treeOf, withChain } from './board-state.ts';
import { openOpening } from './era-opening.ts';
import { tellDesk } from './desk.ts';
import { dropAnnounced } from './queue.ts';
import { openRenewal } from './renewal.ts';
import { leafOf, maskedNodeKey, nextNodeKey, pathKeys } from './tree-keys.ts';

const TOOLS = { verify: ed25519Verify, sha256 };

export async function applyBoardRecord(draft: Draft, state: StoredBoard, record: LogRecord): Promise<void> {
  if (BigInt(record.seq) <= state.newestSeq && state.newestSeq > 0n) return;
  const here = { ...state, newestSeq: BigInt(record.seq) };
  draft.boards.set(hex(state.board), here);
  if (state.reading !== Reading.YES || BigInt(record.slot) !== state.era) return;
  if (record.kind === 'post') await takePosting(draft, here, record);
  if (record.kind === 'notice') noteRenewal(draft, here, record);
  if (record.kind === 'commit') beginEra(draft, here, record);
}

async function takePosting(draft: Draft, state: StoredBoard, record: LogRecord): Promise<void> {
  const id = hex(state.board);
  const opened = openRecord(eraKeysOf(state), record.body);
  const entry = entryOf(draft.constitution.facts.boards, state.board);
  if (opened === undefined || entry === undefined) return;
  const moved = withChain(state, opened.chain);
  draft.boards.set(id, moved);
  const posting = decode(BoardPostingSchema, opened.content);
  const judged = posting && judgePosting(posting, {
    hub: draft.device.hub, entry, era: Number(state.era), n: opened.n, seq: record.seq, now: draft.device.now(),
    newestSentAt: Number(state.newestSentMs), isKnown: (other) => isTaken(draft, id, other),
  }, TOOLS);
  if (posting?.content === undefined || judged === undefined || typeof judged === 'string') return;
  const { sentAt } = judged;
  draft.boards.set(id, { ...moved, newestSentMs: BigInt(Math.max(sentAt, Number(moved.newestSentMs))) });
  const own = writerOf(draft.profile.memberSeed, state.board).key;
  await takeContent(draft, moved, judged, record.seq, includesKey(signersOf(LABELS.boardContent, posting.content, ed25519Verify), own));
  dropAnnounced(draft, id, judged.content.id);
}

/** Kept until the commit behind it: only that says that it counts. */
function noteRenewal(draft: Draft, state: StoredBoard, record: LogRecord): void {
  const renewal = openRenewal(readerKeys(draft.profile.memberSeed, state.board), state.board, Number(state.era) + 1, record.body);
  if (renewal !== undefined) draft.boards.set(hex(state.board), { ...state, renewal: { $typeName: 'thicket.vault.v1.StoredBoard.Renewal', ...renewal } });
}

/** Whoever cannot open it is no reader any more. */
function beginEra(draft: Draft, state: StoredBoard, record: LogRecord): void {
  const id = hex(state.board);
  const era = Number(state.era) + 1;
  const { renewal: noticed, beginning, ...others } = state;
  // Somebody else was faster: what this device wanted to begin is begun anew behind it.
  const isOurs = beginning !== undefined && sameBytes(beginning.body, record.body);
  const rest: StoredBoard = beginning === undefined || isOurs ? others : { ...others, beginning: create(StoredBoard_BeginningSchema, { renew: beginning.renew }) };
  const secret = openOpening(state.nodeKeys, state.board, era, record.body);
  const renewal = secret === undefined ? openRenewal(readerKeys(draft.profile.memberSeed, state.board), state.board, era, record.body) ?? noticed : undefined;
  const next = renewal?.secret ?? secret;
  if (next === undefined) {
    // A coordinator who was not covered is told by the desk what holds now.
    const { secrets: _secrets, ...reader } = rest;
    const isAtDesk = state.secrets !== undefined && draft.rooms.get(state.desk)?.room.active === true;
    draft.boards.set(id, isAtDesk ? rest : { ...reader, reading: Reading.REMOVED, nodeKeys: [] });
  } else {
    const moved = state.nodeKeys.map((key) => (renewal === undefined ? nextNodeKey(key) : maskedNodeKey(key, renewal.mask)));
    const known = isOurs && beginning?.renewed !== undefined ? { ...rest, secrets: beginning.renewed } : rest;
    draft.boards.set(id, atDesk(draft, inEra(known, era, next, moved), era, next, renewal !== undefined));
    if (isOurs && beginning?.renewed !== undefined) tellDesk(draft, known, { case: 'secrets', value: beginning.renewed });
  }
  draft.emit({ changed: 'boards' });
  draft.afterwards(() => draft.device.wake.boards());
}

/** What coordinators know moves on with it. What follows a renewal only the desk says: then the old is kept until it does. */
function atDesk(draft: Draft, state: StoredBoard, era: number, eraSecret: Uint8Array, isRenewed: boolean): StoredBoard {
  if (state.secrets === undefined) return state;
  if (isRenewed && Number(state.secrets.era) < era) return state;
  const secrets = { ...state.secrets, era: BigInt(era), eraSecret };
  const tree = treeOf(secrets);
  return { ...state, secrets, nodeKeys: pathKeys(tree, leafOf(tree, draft.device.member.key), era) };
}

/** What came between the asking and the answer was put aside unread. */
export async function readSince(draft: Draft, board: Uint8Array): Promise<void> {
  const { device } = draft;
  const shard = device.shardOf(board as LogRecord['mailbox']);
  const kept = new Map((await device.vault.range('recent', String(shard))).map(({ order, value }) => [order, fromBinary(RecentRecordSchema, value)]));
  for (const { seq, record } of draft.recentHere(shard)) kept.set(seq, record);
  for (const [seq, recent] of [...kept].filter(([, { mailbox }]) => hex(mailbox) === hex(board)).sort(([a], [b]) => a - b)) {
    const state = draft.boards.get(hex(board));
    draft.dropRecent(shard, seq);
    if (state !== undefined) await applyBoardRecord(draft, { ...state, newestSeq: 0n }, fromRecent(seq, recent));
  }
}
