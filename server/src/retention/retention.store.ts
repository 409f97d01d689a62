export interface RetentionStore {
  /** The bodies that end on or before `today`. */
  dropBodies(today: number): Promise<void>;
  /** Deletes the kind's records of days before `day`. The shard's head stays, so no number is used twice. */
  dropRecords(kind: number, day: number): Promise<void>;
  dropKeyPackages(day: number): Promise<void>;
  /** Pools nobody has filled since before `day`, with their last-resort packages. */
  dropPools(day: number): Promise<void>;
  dropRendezvous(day: number): Promise<void>;
  /** What was drawn in weeks before `week`, and how many passes were made. */
  dropDraws(week: number): Promise<void>;
  /** What was spent of postage of weeks before `postageWeek`, of tickets of weeks before `ticketWeek`. */
  dropSpent(postageWeek: number, ticketWeek: number): Promise<void>;
  /** Puts down anew, in an order of chance, tables whose rows should not tell when they came: those with short rows, or all. */
  reseat(which: 'narrow' | 'all'): Promise<void>;
}

export const RETENTION_STORE = Symbol('RetentionStore');
