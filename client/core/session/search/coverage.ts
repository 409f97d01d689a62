/** Which stretches of a scope the pieces of the index cover, and which none does. */

export interface Stretch {
  /** Behind this place, up to `to` inclusive; without it up to the newest. */
  readonly after: number;
  readonly to: number | undefined;
}
interface Covered {
  readonly after: number;
  readonly to: number;
}

/** @param pieces ascending. @returns newest first; behind the last piece there is always a stretch, for there may be something new */
export function uncovered(pieces: readonly Covered[]): Stretch[] {
  const stretches: Stretch[] = [];
  let end = 0;
  for (const { after, to } of pieces) {
    if (after > end) stretches.unshift({ after: end, to: after });
    end = Math.max(end, to);
  }
  return [{ after: end, to: undefined }, ...stretches];
}

/** The stretch and the piece before it, where that one has no more than so many messages. */
export function withNeighbour(pieces: readonly (Covered & { readonly times: { readonly length: number } })[], { after, to }: Stretch, most: number): Stretch | undefined {
  const before = pieces.find((piece) => piece.to === after);
  return before !== undefined && before.times.length <= most ? { after: before.after, to } : undefined;
}

/** Those of which a part is covered by another piece as well. */
export const overlapping = <Piece extends Covered>(pieces: readonly Piece[], other: Covered): Piece[] =>
  pieces.filter(({ after, to }) => after < other.to && to > other.after);
