/** The generations of shards as the database holds them. */
import type { Generation } from '#shared/generations.ts';

/** One shard as it is now. */
export interface ShardState {
  readonly shard: number;
  readonly head: number;
  readonly base: number;
  readonly closed: boolean;
}

export interface NewGeneration {
  readonly count: number;
  readonly first: number;
  readonly base: number;
}

export interface LayoutStore {
  /** Oldest first. @throws RelayRefusal */
  generations(): Promise<readonly Generation[]>;
  /**
   * One transaction, one at a time over all relay processes. `decide` sees every shard as it is while nobody appends; what it
   * returns becomes the newest generation, and all shards before it are closed. Undefined leaves everything as it is.
   * @returns the generations afterwards
   */
  change(decide: (shards: readonly ShardState[]) => Promise<NewGeneration | undefined>): Promise<readonly Generation[]>;
  /** Whether the file of heads was ever written for this database. */
  headsFiled(): Promise<boolean>;
  setHeadsFiled(): Promise<void>;
}

export const LAYOUT_STORE = Symbol('LayoutStore');
