/** A reader's side: asking to read a board, and what a coordinator's device answers. */
import { create, toBinary } from '@bufbuild/protobuf';
import { dayOf } from '#shared/ids.ts';
import { ed25519Verify, hex } from '#shared/sodium.ts';
import { BoardAdmittedFactsSchema, BoardAskFactsSchema, BoardDropSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { Joining, type Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { OutboxItemSchema, type StoredBoard } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { LEAF_BYTES, TREE_DEPTH } from '../../domain/boards/cover.ts';
import { decode } from '../../domain/parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf, signFacts } from '../../domain/signing.ts';
import { SessionFailure, type BoardId } from '../api.ts';
import { byChance } from '../pace.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { readerKeys } from './board-keys.ts';
import { boardIn, entryIn, Reading } from './board-state.ts';
import { readSince } from './reading.ts';
import { sealDrop } from './sealed-drop.ts';

const KEY_BYTES = 32;
/** Longest pause between two askings. */
const LONGEST_MS = 60 * 60_000;

/** @throws SessionFailure `unknown-board` */
export async function subscribe(device: Device, board: BoardId): Promise<void> {
  await device.change(async (draft) => {
    const state = boardIn(draft, board);
    if (state.reading === Reading.YES || entryIn(draft, board).closed) return;
    draft.boards.set(board, { ...state, reading: Reading.ASKED, askedMs: BigInt(device.now()) });
    ask(draft, board);
  });
}

/** What was read stays; nothing new is opened. The desk forgets this reader. */
export async function unsubscribe(device: Device, board: BoardId): Promise<void> {
  await device.change(async (draft) => {
    const state = boardIn(draft, board);
    // A coordinator reads what they announce.
    if (state.secrets !== undefined) throw new SessionFailure('not-allowed');
    if (state.reading === Reading.YES || state.reading === Reading.ASKED) ask(draft, board, true);
    draft.boards.set(board, { ...state, reading: Reading.NO, nodeKeys: [], outerKey: new Uint8Array(0), chain: new Uint8Array(0) });
    draft.emit({ changed: 'boards' });
  });
}

/** Sealed to the asking key, so that only the desk reads who asks. */
function ask(draft: Draft, board: BoardId, off = false): void {
  const { device, profile } = draft;
  const entry = entryIn(draft, board);
  const admission = profile.credential?.admission;
  if (admission === undefined) throw new SessionFailure('not-admitted');
  const name = entry.joining === Joining.APPROVED ? draft.people.get(device.memberId)?.facts.name ?? '' : '';
  const facts = create(BoardAskFactsSchema, {
    hub: device.hub, board: entry.board, admission, sealKey: readerKeys(profile.memberSeed, entry.board).publicKey, day: dayOf(device.now()), name, off,
  });
  const signed = signFacts(LABELS.boardAsk, toBinary(BoardAskFactsSchema, facts), [device.member]);
  enqueueSealed(draft, entry.askingKey, { case: 'ask', value: signed });
  draft.emit({ changed: 'boards' });
}

export function enqueueSealed(draft: Draft, key: Uint8Array, what: NonNullable<Parameters<typeof create<typeof BoardDropSchema>>[1]>['what']): void {
  const body = sealDrop(key, toBinary(BoardDropSchema, create(BoardDropSchema, what === undefined ? {} : { what })));
  if (body === undefined) throw new SessionFailure('internal');
  draft.enqueue(create(OutboxItemSchema, { what: { case: 'drop', value: { body } } }));
}

/** Asks again where nobody answered: another asking falls to another coordinator's device. @returns after how many milliseconds there is more to do */
export async function askAgain(device: Device, tries: Map<BoardId, number>): Promise<number | undefined> {
  const waiting = [...device.boards].filter(([, { reading }]) => reading === Reading.ASKED);
  let next: number | undefined;
  for (const [board, { askedMs }] of waiting) {
    const times = tries.get(board) ?? 0;
    const pause = Math.min(byChance(device.pace.asking) * 2 ** times, LONGEST_MS);
    const left = Number(askedMs) + pause - device.now();
    if (left > 0) {
      next = Math.min(next ?? left, left);
      continue;
    }
    tries.set(board, times + 1);
    await device.change(async (draft) => {
      const state = boardIn(draft, board);
      if (state.reading !== Reading.ASKED) return;
      draft.boards.set(board, { ...state, askedMs: BigInt(device.now()) });
      ask(draft, board);
    });
    next = Math.min(next ?? pause, pause);
  }
  return next;
}

/** A coordinator's answer. Whatever is not signed with the board key, or is not for this person, is nothing. */
export async function takeAdmitted(draft: Draft, state: StoredBoard, signed: Signed): Promise<void> {
  const { device } = draft;
  const board = hex(state.board);
  const facts = decode(BoardAdmittedFactsSchema, signed.facts);
  if (facts === undefined || state.reading !== Reading.ASKED) return;
  const isOurs = sameBytes(facts.hub, device.hub) && sameBytes(facts.board, state.board) && sameBytes(facts.member, device.member.key);
  if (!isOurs || !includesKey(signersOf(LABELS.boardAdmitted, signed, ed25519Verify), entryIn(draft, board).boardKey)) return;
  draft.emit({ changed: 'boards' });
  if (facts.refused) {
    draft.boards.set(board, { ...state, reading: Reading.REFUSED });
    return;
  }
  const { nodeKeys, leaf, outerKey, chain } = facts;
  const isWhole = nodeKeys.length === TREE_DEPTH + 1 && leaf.length === LEAF_BYTES && [...nodeKeys, outerKey, chain].every(({ length }) => length === KEY_BYTES);
  if (!isWhole) return;
  draft.boards.set(board, {
    ...state, reading: Reading.YES, name: facts.name === '' ? state.name : facts.name, era: facts.era, nodeKeys, leaf, outerKey, chain, chainFrom: facts.n, chainNext: facts.n, newestSeq: 0n,
  });
  await readSince(draft, state.board);
}
