import type { RendezvousId } from '#shared/ids.ts';
import type { PaidToken } from '../postage/tokens.ts';

export interface MeetingPlace {
  readonly ownerHash: Uint8Array;
  readonly claimHash: Uint8Array | undefined;
  readonly claim: Uint8Array | undefined;
  readonly answer: Uint8Array | undefined;
  readonly refusedClaims: number;
}
/** What to change; what is not named stays. */
export type Change = { readonly claimHash: Uint8Array; readonly claim: Uint8Array } | { readonly answer: Uint8Array } | { readonly oneMoreRefused: true };

export interface RendezvousStore {
  /**
   * A place that is new spends what was paid, in the same transaction; one that is there spends nothing.
   * @param since the oldest day that still counts; an older meeting place is gone. @returns whose place it is now. @throws RelayRefusal postage-spent
   */
  open(request: { id: RendezvousId; ownerHash: Uint8Array; day: number; since: number; paid: readonly PaidToken[] }): Promise<MeetingPlace>;
  find(id: RendezvousId, since: number): Promise<MeetingPlace | undefined>;
  /** Looks and changes under one lock. `rule` gives the change, or undefined for none. @returns undefined where there is no such place */
  decide<Verdict extends { readonly change: Change | undefined }>(
    id: RendezvousId, since: number, rule: (place: MeetingPlace) => Verdict,
  ): Promise<Verdict | undefined>;
}

export const RENDEZVOUS_STORE = Symbol('RendezvousStore');
