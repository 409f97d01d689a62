/**
 * PostgreSQL keeps rows where there was room when they came, and in each the number of the transaction that wrote it
 * (xmin). Across tables both tell what was written beside what: a pass beside a mailbox. So the rows of each small table
 * are put down anew, all by one transaction, in an order of chance, and the table is then rewritten without what was there.
 *
 * Deleted and inserted, not truncated: a backup that began before must still find every row.
 */
import type { Database, Sql } from './database.ts';

/** Tables that refer to each other go together, what is referred to first. */
type Seating = readonly string[];
/** A few bytes a row, so this can be done many times a day. */
const NARROW: readonly Seating[] = [['passes'], ['draws'], ['mailboxes'], ['spent_tickets']];
/** With bodies, or a row for each piece of a file. */
const WIDE: readonly Seating[] = [['rendezvous'], ['pools', 'key_packages'], ['blobs', 'blob_chunks']];

/** Milliseconds to wait for a lock. Whoever comes meanwhile queues behind us, so a long reader makes us give up instead. */
const PATIENCE = 200;

/**
 * Tables whose rows are all by one transaction are left alone.
 * @throws RelayRefusal when somebody holds a table for long, such as a backup; what has been put down anew stays so
 */
export async function reseatTables(database: Database, which: 'narrow' | 'all'): Promise<void> {
  for (const tables of which === 'all' ? [...NARROW, ...WIDE] : NARROW) {
    if (!(await tellOrder(database, tables))) continue;
    await database.transaction((sql) => reseat(sql, tables));
    for (const table of tables) await database.maintain(`VACUUM (FULL) ${table}`, PATIENCE);
  }
}

async function tellOrder(database: Database, tables: Seating): Promise<boolean> {
  for (const table of tables) {
    const differing = `SELECT 1 AS found FROM ${table} WHERE xmin::text <> (SELECT xmin::text FROM ${table} LIMIT 1) LIMIT 1`;
    if ((await database.query(differing)).length > 0) return true;
  }
  return false;
}

/** Whoever wants one of the tables meanwhile waits a moment; they are small. A backup that holds one makes us give up. */
async function reseat(sql: Sql, tables: Seating): Promise<void> {
  await sql.query(`SET LOCAL lock_timeout = ${PATIENCE}`);
  await sql.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  const columns = await columnsOf(sql, tables);
  for (const table of tables) await sql.query(`CREATE TEMPORARY TABLE seat_${table} ON COMMIT DROP AS SELECT ${columns.get(table)} FROM ${table}`);
  for (const table of [...tables].reverse()) await sql.query(`DELETE FROM ${table}`);
  for (const table of tables) {
    await sql.query(`INSERT INTO ${table} (${columns.get(table)}) SELECT ${columns.get(table)} FROM seat_${table} ORDER BY random()`);
  }
}

/** Without numbers that the table gives by itself: those tell an order too, and are given anew. */
async function columnsOf(sql: Sql, tables: Seating): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ table: string; columns: string }>(
    `SELECT table_name AS table, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ANY($1) AND is_identity = 'NO' GROUP BY 1`, [tables],
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}
