/** Messages that the index says are what is looked for, newest first. */
import type { Filters } from './filters.ts';
import { withAll } from './piece.ts';
import type { Found } from './search-index.ts';

/** Where a message stands in the order of results: the later, then the higher place, then by scope. */
export interface Candidate {
  readonly time: number;
  readonly place: number;
  readonly scope: string;
}

export const inOrder = (a: Candidate, b: Candidate): number => b.time - a.time || b.place - a.place || (a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : 0);

export const cursorOf = ({ time, place, scope }: Candidate): string => `${time}.${place}.${scope}`;
/** @returns undefined for what cursorOf() did not make */
export function fromCursor(cursor: string): Candidate | undefined {
  const [, time, place, scope] = /^(\d+)\.(\d+)\.(.*)$/u.exec(cursor) ?? [];
  return scope === undefined ? undefined : { time: Number(time), place: Number(place), scope };
}

/**
 * @param most so many are handed over at least, if there are; the total counts all
 * @param pause awaited between pieces now and then
 */
export async function candidatesIn(found: readonly Found[], filters: Filters, after: Candidate | undefined, most: number, pause: () => Promise<void>): Promise<{ best: Candidate[]; total: number }> {
  const sorted = [...found].sort((a, b) => b.piece.newest - a.piece.newest);
  let best: Candidate[] = [];
  let total = 0;
  for (const [index, { scope, piece }] of sorted.entries()) {
    if (index % 64 === 63) await pause();
    const bits = withAll(piece, filters.parsed.terms);
    const worst = best.length >= most ? (best[most - 1] as Candidate).time : -1;
    const collects = piece.newest >= worst;
    for (const [word, some] of bits.entries()) {
      if (some === 0) continue;
      if (!collects && filters.allowsAll) {
        total += bitsIn(some);
        continue;
      }
      for (let bit = 0; bit < 32; bit += 1) {
        if ((some & (1 << bit)) === 0) continue;
        const message = word * 32 + bit;
        if (!filters.allows(scope, piece, message)) continue;
        total += 1;
        const time = piece.times[message] as number;
        if (time < worst) continue;
        const candidate = { time, place: piece.places[message] as number, scope };
        if (after === undefined || inOrder(after, candidate) < 0) best.push(candidate);
      }
    }
    if (best.length > most * 2 || index === sorted.length - 1 || collects) best = best.sort(inOrder).slice(0, Math.max(most, 1));
  }
  return { best, total };
}

function bitsIn(word: number): number {
  let rest = word;
  let bits = 0;
  for (; rest !== 0; bits += 1) rest &= rest - 1;
  return bits;
}
