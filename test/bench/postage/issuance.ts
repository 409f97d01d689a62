/** The four steps of a token's life that cost something. Times of `evaluate`, `blind` and `finish` are of a whole batch. */
import type { Side } from '../measure.ts';

export interface Issuance {
  readonly verify: Side;
  readonly evaluate: Side;
  readonly blind: Side;
  readonly finish: Side;
}

/** @throws Error when a step did not do what it is measured for */
export function must<T>(value: T | undefined | false): T {
  if (value === undefined || value === false) throw new Error('this step failed, so its time means nothing');
  return value;
}
