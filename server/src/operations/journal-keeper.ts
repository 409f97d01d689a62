/**
 * Keeps PostgreSQL's write-ahead log from being a diary: each commit is in it with its time to the microsecond, and stays
 * until the file it stands in is written over, which in a quiet hub takes days. So a minute after something was written
 * every file of the log is written over, and once more when the relay stops its own PostgreSQL.
 */
import type { Database } from '../database/database.ts';
import { mayPassOver, passOver, writingsSoFar } from '../database/journal.ts';
import type { Operator } from './operator.ts';

/** Milliseconds. */
const PASS_EVERY = 60_000;

export interface JournalKeeper {
  /** Looks now instead of at its time. Never throws. */
  look(): Promise<void>;
  /** @param options.lastPass over the log as well: PostgreSQL is about to stop */
  stop(options: { lastPass: boolean }): Promise<void>;
}

/** Where the database's role may not do it, the operator is told once, and nothing is done. */
export async function keepJournalShort(database: Database, operator: Operator): Promise<JournalKeeper> {
  if (!(await mayPassOver(database).catch(() => false))) {
    operator.say('The database does not let the relay write over its journal, which tells when things were written; see docs/operating/configuration.md.');
    return { look: async () => undefined, stop: async () => undefined };
  }
  let seen: string | undefined;
  let running: Promise<void> | undefined;
  const pass = async (): Promise<void> => {
    try {
      const writings = await writingsSoFar(database);
      if (writings === seen) return;
      await passOver(database);
      seen = writings;
    } catch {
      // The database is away, or stopping; the next look tries again.
    }
  };
  const look = (): Promise<void> => {
    running ??= pass().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => void look(), PASS_EVERY);
  return {
    look,
    stop: async ({ lastPass }) => {
      clearInterval(timer);
      await running;
      if (lastPass) await look();
    },
  };
}
