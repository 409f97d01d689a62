/** What the bulletin may say of boards. Pure. */
import { Joining, type BoardEntry } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { includesKey, sameBytes } from '../signing.ts';
import { cleanName } from '../room-policy.ts';

/** Boards a hub may have. */
export const MOST_BOARDS = 64;
/** Writers, bots and former writers of one board, each. */
const MOST_KEYS = 256;
const KEY_BYTES = 32;
const ASKING_KEY_BYTES = 1216;
const BOARD_BYTES = 16;

export const isBoardName = (name: string): boolean => name.length > 0 && cleanName(name) === name;

/** @returns false for a bulletin that says something of boards that nobody could go by */
export function areFitBoards(boards: readonly BoardEntry[]): boolean {
  return boards.length <= MOST_BOARDS && boards.every(isFit) && isWithoutTwins(boards.map(({ board }) => board));
}

function isFit({ board, name, boardKey, askingKey, writers, former, signatures, joining, bots }: BoardEntry): boolean {
  const keys = [...writers, ...bots.map(({ key }) => key)];
  return board.length === BOARD_BYTES && (name === '' || isBoardName(name)) && boardKey.length === KEY_BYTES && askingKey.length === ASKING_KEY_BYTES
    && (signatures === 1 || signatures === 2) && (Object.values(Joining) as number[]).includes(joining)
    && [writers, former, bots].every(({ length }) => length <= MOST_KEYS)
    && [...keys, ...former.map(({ key }) => key)].every(({ length }) => length === KEY_BYTES)
    && isWithoutTwins(keys) && bots.every((bot) => isBoardName(bot.name));
}

const isWithoutTwins = (keys: readonly Uint8Array[]): boolean => keys.every((key, index) => !includesKey(keys.slice(0, index), key));

export const entryOf = (boards: readonly BoardEntry[], board: Uint8Array): BoardEntry | undefined => boards.find((entry) => sameBytes(entry.board, board));

export interface WriterFacts {
  readonly key: Uint8Array;
  /** Set where it is a bot's. */
  readonly bot: string | undefined;
}

/**
 * The entry with these for its writers and bots. Whoever was one and is not any more counts up to here: what they announced before stays.
 * @param untilSeq the newest record of the board that the steward's device has read
 */
export function withWriters(entry: BoardEntry, writers: readonly WriterFacts[], untilSeq: number): BoardEntry {
  const stays = (key: Uint8Array): boolean => writers.some((writer) => sameBytes(writer.key, key));
  const gone = [...entry.writers, ...entry.bots.map(({ key }) => key)].filter((key) => !stays(key));
  const former = [
    ...entry.former.filter(({ key }) => !stays(key) && !includesKey(gone, key)),
    ...gone.map((key) => ({ $typeName: 'thicket.content.v1.FormerWriter' as const, key, untilSeq: BigInt(untilSeq) })),
  ].slice(-MOST_KEYS);
  return {
    ...entry,
    writers: writers.filter(({ bot }) => bot === undefined).map(({ key }) => key),
    bots: writers.flatMap(({ key, bot }) => (bot === undefined ? [] : [{ $typeName: 'thicket.content.v1.BoardBot' as const, key, name: bot }])),
    former,
  };
}
