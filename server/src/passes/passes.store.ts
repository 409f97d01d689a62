import type { PassId, Week } from '#shared/ids.ts';
import type { TokenName } from '../postage/tokens.ts';

export type RegisterOutcome = 'registered' | 'bad-ticket' | 'pass-taken' | 'too-many';

export interface PassesStore {
  /** SHA-256 of the pass's secret, or undefined for a pass that is not known. */
  secretHash(pass: PassId): Promise<Uint8Array | undefined>;
  /**
   * Spends the ticket and keeps the pass, together. Which ticket made which pass is written nowhere.
   * @param request.most passes that may be made in the week
   */
  redeem(request: {
    ticket: TokenName; pass: PassId; secretHash: Uint8Array; week: Week; most: number;
    /** Weeks in which the pass draws no tickets. */
    noTicketsIn: readonly Week[];
  }): Promise<RegisterOutcome>;
}

export const PASSES_STORE = Symbol('PassesStore');
