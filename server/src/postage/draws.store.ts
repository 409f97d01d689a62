import type { PassId, Week } from '#shared/ids.ts';

export interface DrawsStore {
  /**
   * Counts a draw against the allowance, unless it is exactly the last one again.
   * @param kind the wire's TokenKind. @returns what was drawn of this kind in this week now; undefined if this would be above the allowance
   */
  count(draw: { week: Week; pass: PassId; kind: number; tokens: number; requestHash: Uint8Array; allowance: number }): Promise<number | undefined>;
}

export const DRAWS_STORE = Symbol('DrawsStore');
