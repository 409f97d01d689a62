import type { HubId, PassId } from '#shared/ids.ts';

export interface Hub {
  readonly hub: HubId | undefined;
  /** SHA-256 of the current founding token; after founding, of the one that was used. */
  readonly foundingTokenHash: Uint8Array | undefined;
}
export type FoundOutcome = 'founded' | 'bad-founding-link' | 'already-founded';

export interface HubStore {
  hub(): Promise<Hub>;
  /** Replaces the founding token of a hub that is not founded. @returns false if it is */
  replaceFoundingToken(hash: Uint8Array): Promise<boolean>;
  /** Hub and first pass, in one transaction. Exactly the same request again gives `founded` again. */
  found(request: { tokenHash: Uint8Array; hub: HubId; pass: PassId; secretHash: Uint8Array }): Promise<FoundOutcome>;
}

export const HUB_STORE = Symbol('HubStore');
