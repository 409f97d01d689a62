import type { Breakdown } from './disclosure.ts';

/** A table, view, foreign table or sequence that is not PostgreSQL's own. Parts of a partitioned table count as that table. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly sequence: boolean;
  /** In order; empty for a sequence. */
  readonly columns: readonly string[];
}

/** What PostgreSQL tells about itself. */
export interface Engine {
  /** Files and bytes of the write-ahead log, and the ISO date the oldest was last written; undefined where the relay's account may not ask. */
  readonly journal: { readonly files: number; readonly bytes: number; readonly oldest: string } | undefined;
  /** Settings by name, of those that decide what PostgreSQL keeps. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of installed extensions. */
  readonly extensions: readonly string[];
  readonly largeObjects: number;
  /** Receivers of a copy of everything: replication slots, publications. */
  readonly copies: number;
  /** Rows that wait to be tidied away, by PostgreSQL's own estimate. */
  readonly deadRows: number;
}

export interface DisclosureStore {
  relations(): Promise<readonly Relation[]>;
  /** Rows of a table of the inventory, with its breakdown if it has one. */
  count(table: string): Promise<{ count: number; breakdown?: Breakdown }>;
  /** How many mailboxes hold how many records. */
  spread(): Promise<Breakdown>;
  /** The last value of a sequence. */
  sequence(name: string): Promise<number>;
  engine(): Promise<Engine>;
}

export const DISCLOSURE_STORE = Symbol('DisclosureStore');
