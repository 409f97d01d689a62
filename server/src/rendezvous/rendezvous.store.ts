import type { RendezvousId } from '#shared/ids.ts';

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
  /** @param since the oldest day that still counts; an older meeting place is gone. @returns whose place it is now */
  open(request: { id: RendezvousId; ownerHash: Uint8Array; day: number; since: number }): Promise<MeetingPlace>;
  find(id: RendezvousId, since: number): Promise<MeetingPlace | undefined>;
  /** Looks and changes under one lock. `rule` gives the change, or undefined for none. @returns undefined where there is no such place */
  decide<Verdict extends { readonly change: Change | undefined }>(
    id: RendezvousId, since: number, rule: (place: MeetingPlace) => Verdict,
  ): Promise<Verdict | undefined>;
}

export const RENDEZVOUS_STORE = Symbol('RendezvousStore');
