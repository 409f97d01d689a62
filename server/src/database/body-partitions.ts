/**
 * Partitions of `bodies`: one for each day on which bodies end, made when the first such body comes, dropped whole on that day.
 */
import type { Database, Sql } from './database.ts';

/** Any number of its own: relays that need the same partition make it one after the other. */
const PARTITION_LOCK = 7_419_032_119;

const nameOf = (expires: number): string => {
  if (!Number.isSafeInteger(expires) || expires < 0) throw new RangeError('no such day');
  return `bodies_${expires}`;
};

/** Which partitions are there; a process remembers those it has seen. */
export class BodyPartitions {
  private readonly database: Database;
  private readonly seen = new Set<number>();

  constructor(database: Database) {
    this.database = database;
  }

  /** @param days those on which bodies about to be stored end. @throws RelayRefusal */
  async ensure(days: Iterable<number>): Promise<void> {
    for (const expires of days) {
      if (this.seen.has(expires)) continue;
      await this.database.transaction((sql) => make(sql, expires));
      this.seen.add(expires);
    }
  }

  /** After a failure: another process may have dropped one, or an older database was put in place. */
  forget(): void {
    this.seen.clear();
  }
}

/** Attached, not made as a partition: that needs no lock which readers would wait for. */
async function make(sql: Sql, expires: number): Promise<void> {
  const name = nameOf(expires);
  await sql.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
  const [there] = await sql.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [name]);
  if (there?.found) return;
  await sql.query(`CREATE TABLE ${name} (LIKE bodies INCLUDING ALL)`);
  await sql.query(`ALTER TABLE bodies ATTACH PARTITION ${name} FOR VALUES IN (${expires})`);
}

/** Readers would queue behind us while we wait for a long one, such as a backup: then it is dropped later. */
async function drop(sql: Sql, expires: number): Promise<void> {
  await sql.query("SET LOCAL lock_timeout = '200ms'");
  await sql.query(`DROP TABLE IF EXISTS ${nameOf(expires)}`);
}

/** Drops the partitions of days up to `today`. @throws RelayRefusal */
export async function dropPartitions(database: Database, today: number): Promise<void> {
  const rows = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'bodies'::regclass`,
  );
  for (const { name } of rows) {
    const expires = Number(/^bodies_(\d+)$/.exec(name)?.[1]);
    if (expires <= today) await database.transaction((sql) => drop(sql, expires));
  }
}
