/** What readers answer to announcements that ask: made by a reader, counted at the desk in the order of the log. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { deriveKey, equalBytes, hex, hmac } from '#shared/sodium.ts';
import { AnswerSchema, BoardReplySchema, Coming, ShiftTotalSchema, TotalsSchema, type Answer, type AnnouncementText, type BoardReply, type Totals } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { StoredReplySchema, type StoredAnnouncement, type StoredBoard } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { leafFrom, TREE_DEPTH } from '../../domain/boards/cover.ts';
import { decode } from '../../domain/parsing.ts';
import { cleanName } from '../../domain/room-policy.ts';
import type { BoardId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { findAnnouncement } from './announcements.ts';
import { entryIn, treeOf } from './board-state.ts';
import { enqueueSealed } from './subscribing.ts';
import { nodeKey } from './tree-keys.ts';

const PLACE_BYTES = 8;

const repliesOf = (board: BoardId, id: Uint8Array): string => `${board}/${hex(id)}`;
const proofOf = (leafKey: Uint8Array, answer: Uint8Array): Uint8Array => hmac('SHA-256', deriveKey(leafKey, 'thicket/1 board reply'), answer);
/** By which a reader finds their own place among those taken, and nobody else's: only the desk and they know their seal key. */
const placeMark = (sealKey: Uint8Array, of: Uint8Array): Uint8Array => deriveKey(sealKey, 'thicket/1 board place', of, PLACE_BYTES);

/** What this reader holds their answers with: the key of their leaf. */
const leafKeyOf = ({ nodeKeys }: StoredBoard): Uint8Array | undefined => nodeKeys[TREE_DEPTH];

/** Sealed to the desk, and nowhere else. */
export function sendReply(draft: Draft, state: StoredBoard, answer: Answer): void {
  const key = leafKeyOf(state);
  if (key === undefined) return;
  const bytes = toBinary(AnswerSchema, answer);
  const reply = create(BoardReplySchema, { board: state.board, of: answer.of, leaf: state.leaf, answer: bytes, proof: proofOf(key, bytes), era: state.era });
  enqueueSealed(draft, entryIn(draft, hex(state.board)).askingKey, { case: 'reply', value: reply });
}

/** The last one of each reader counts; what nobody with that leaf made does not. */
export async function takeReply(draft: Draft, state: StoredBoard, reply: BoardReply, seq: number): Promise<void> {
  const leaf = leafFrom(reply.leaf);
  const answer = decode(AnswerSchema, reply.answer);
  const { secrets } = state;
  if (leaf === undefined || answer === undefined || secrets === undefined || reply.era > secrets.era || reply.era < secrets.treeEra) return;
  if (hex(answer.of) !== hex(reply.of) || (answer.name !== '' && cleanName(answer.name) !== answer.name)) return;
  const key = nodeKey(treeOf(secrets), { depth: TREE_DEPTH, path: leaf }, Number(reply.era));
  if (!equalBytes(proofOf(key, reply.answer), reply.proof)) return;
  const board = hex(state.board);
  if ((await findAnnouncement(draft, board, answer.of)) === undefined) return;
  const place = { collection: 'board-replies', scope: repliesOf(board, answer.of), order: leaf } as const;
  const before = await draft.entries.get(place);
  const known = before === undefined ? {} : fromBinary(StoredReplySchema, before).shiftSeqs;
  const shiftSeqs = Object.fromEntries(answer.shifts.map((shift) => [shift, known[shift] ?? BigInt(seq)]));
  draft.entries.put(place, toBinary(StoredReplySchema, create(StoredReplySchema, { answer, seq: BigInt(seq), shiftSeqs })));
  draft.emit({ changed: 'announcements', board });
}

interface Given {
  readonly leaf: number;
  readonly seq: number;
  readonly answer: Answer;
  /** Since when each shift is wanted, by its number. */
  readonly shiftSeqs: Readonly<Record<number, bigint>>;
}

/** In the order of the log. */
export async function repliesTo(device: Device, board: BoardId, id: Uint8Array): Promise<Given[]> {
  const kept = await device.vault.range('board-replies', repliesOf(board, id));
  return kept.flatMap(({ order, value }) => {
    const { answer, seq, shiftSeqs } = fromBinary(StoredReplySchema, value);
    return answer === undefined ? [] : [{ leaf: order, seq: Number(seq), answer, shiftSeqs }];
  }).sort((a, b) => a.seq - b.seq);
}

/** Who came first in the log has the place. @param sealKeys of readers by their leaf: by these they know their own */
export function totalsOf(of: Uint8Array, text: AnnouncementText, given: readonly Given[], sealKeys: ReadonlyMap<number, Uint8Array>): Totals {
  const { event, poll } = text;
  const comes = (how: Coming): number => given.filter(({ answer }) => answer.coming === how).length;
  const votes = (poll?.choices ?? []).map((_, choice) => given.filter(({ answer }) => votesIn(answer, text).includes(choice)).length);
  const shifts = (event?.shifts ?? []).map(({ capacity }, shift) => {
    const sinceOf = ({ shiftSeqs }: Given): number => Number(shiftSeqs[shift] ?? 0n);
    const wanting = given.filter(({ answer }) => answer.shifts.includes(shift)).sort((a, b) => sinceOf(a) - sinceOf(b));
    const taken = capacity === 0 ? wanting : wanting.slice(0, capacity);
    const marks = taken.flatMap(({ leaf }) => sealKeys.get(leaf) ?? []).map((key) => placeMark(key, of));
    return create(ShiftTotalSchema, { taken: taken.length, places: capacity === 0 ? [] : marks });
  });
  return create(TotalsSchema, {
    of, acknowledged: given.filter(({ answer }) => answer.acknowledged).length, coming: comes(Coming.YES), maybe: comes(Coming.MAYBE), notComing: comes(Coming.NO),
    chosen: votes, voters: given.filter(({ answer }) => votesIn(answer, text).length > 0).length, shifts,
  });
}

/** One where only one may be chosen. */
function votesIn({ votes }: Answer, { poll }: AnnouncementText): number[] {
  const known = [...new Set(votes)].filter((choice) => choice < (poll?.choices.length ?? 0));
  return poll?.several === true ? known : known.slice(0, 1);
}

/** Shifts this reader asked for that were full, by the totals that came since. @param sealKey their own */
export function fullShifts({ id, totals, shifts, text }: StoredAnnouncement, sealKey: Uint8Array): number[] {
  if (totals === undefined) return [];
  const mark = hex(placeMark(sealKey, id));
  return shifts.filter((shift) => {
    const total = totals.shifts[shift];
    return total !== undefined && (text?.event?.shifts[shift]?.capacity ?? 0) > 0 && !total.places.some((place) => hex(place) === mark);
  });
}
