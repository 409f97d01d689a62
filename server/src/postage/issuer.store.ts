export interface IssuerStore {
  /** 32 bytes, made when the database first was. */
  seed(): Promise<Uint8Array>;
}

export const ISSUER_STORE = Symbol('IssuerStore');
