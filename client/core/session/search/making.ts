/** Making a piece of the index from history, in small turns. */
import type { Device } from '../device.ts';
import { placeOf, readHistory } from '../history.ts';
import { giveWay } from '../turns.ts';
import type { Stretch } from './coverage.ts';
import { PieceBuilder } from './piece.ts';

/** Messages read into words in one turn: a millisecond or two. */
const MESSAGES_A_TURN = 64;

export interface Made {
  /** The place of the last item it covers. */
  readonly to: number;
  readonly bytes: Uint8Array;
  /** Items in it. */
  readonly count: number;
  /** The stretch is longer than the piece: this is its newest part. */
  readonly cut: boolean;
}

/** @param most items. @returns undefined where nothing stands in the stretch */
export async function makePiece(device: Device, scope: string, { after, to }: Stretch, most: number): Promise<Made | undefined> {
  const items = await readHistory(device.vault, scope, { from: after + 1, newestFirst: true, limit: most + 1, ...(to !== undefined && { to }) });
  const [newest] = items;
  if (newest === undefined) return undefined;
  const cut = items.length > most;
  // What is covered begins behind the item that does not fit any more.
  const builder = new PieceBuilder(cut ? Number(items.pop()?.place) : after);
  const { memberId } = device;
  const now = device.now();
  for (const [index, item] of items.reverse().entries()) {
    if (index % MESSAGES_A_TURN === MESSAGES_A_TURN - 1) await giveWay();
    if (item.item.case === 'message' && !item.item.value.gone) builder.add(placeOf(item), item.item.value, memberId, now);
  }
  return { to: to ?? placeOf(newest), bytes: builder.done(), count: items.length, cut };
}
