/** How chunks lie at rest: sealed under a key of the day on which they expire, which is destroyed with that day. */
import type { Day } from '#shared/ids.ts';

export interface DaySeal {
  /** @param place ties the bytes to where they belong */
  seal(expires: Day, bytes: Uint8Array, place: Uint8Array): Promise<Uint8Array>;
  /** @returns undefined if they are not what was sealed, or the day's key is gone */
  open(expires: Day, sealed: Uint8Array, place: Uint8Array): Promise<Uint8Array | undefined>;
}

export const DAY_SEAL = Symbol('DaySeal');
