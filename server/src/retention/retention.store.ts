export interface RetentionStore {
  /** The bodies that end on or before `today`. */
  dropBodies(today: number): Promise<void>;
  /** Deletes the kind's records of days before `day`. The shard's head stays, so no number is used twice. */
  dropRecords(kind: number, day: number): Promise<void>;
  dropKeyPackages(day: number): Promise<void>;
  /** Pools nobody has filled since before `day`, with their last-resort packages. */
  dropPools(day: number): Promise<void>;
  dropRendezvous(day: number): Promise<void>;
  dropTickets(day: number): Promise<void>;
  /** Puts down anew, in an order of chance, the tables whose rows should not tell when they came. */
  reseat(): Promise<void>;
}

export const RETENTION_STORE = Symbol('RetentionStore');
