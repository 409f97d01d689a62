import type { PoolId } from '#shared/ids.ts';
import type { PaidToken } from '../postage/tokens.ts';

export type FillOutcome = { readonly what: 'filled'; readonly waiting: number } | { readonly what: 'not-owner' | 'pool-full' };
export type TakeOutcome =
  | { readonly what: 'taken'; readonly package: Uint8Array; readonly lastResort: boolean }
  | { readonly what: 'unknown-pool' | 'pool-empty' };

/** What was paid is spent with what is stored or handed out, or not at all. Both throw RelayRefusal postage-spent. */
export interface PoolsStore {
  /** Opens the pool for the owner, or adds to the owner's pool. All of it or nothing. */
  fill(request: {
    pool: PoolId; ownerHash: Uint8Array; packages: readonly Uint8Array[]; lastResort: Uint8Array | undefined; anew: boolean; most: number; day: number;
    paid: readonly PaidToken[];
  }): Promise<FillOutcome>;
  /** Each package to one caller alone. */
  take(pool: PoolId, paid: readonly PaidToken[]): Promise<TakeOutcome>;
}

export const POOLS_STORE = Symbol('PoolsStore');
