/** What the operator said about other hubs. */
export interface Neighbours {
  /** Origin of the hub that forwards for this one; the web client may speak to it. */
  readonly own: string | undefined;
  /** Origins of the hubs this one forwards to, and nobody else. */
  readonly forwardsTo: readonly string[];
}

export const NEIGHBOURS = Symbol('Neighbours');
