export interface GatewayStore {
  /** The hub's gateway key; `fresh` becomes it if there is none yet, for every relay process alike. */
  secret(fresh: Uint8Array): Promise<Uint8Array>;
}

export const GATEWAY_STORE = Symbol('GatewayStore');
