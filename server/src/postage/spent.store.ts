import type { PaidToken, TokenName } from './tokens.ts';

export interface SpentStore {
  /** A glance. @returns true if any of them is spent */
  anySpent(tokens: readonly TokenName[]): Promise<boolean>;
  /** Spends them for nothing. */
  burn(tokens: readonly PaidToken[]): Promise<void>;
}

export const SPENT_STORE = Symbol('SpentStore');
