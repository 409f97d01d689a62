/**
 * PostgreSQL keeps rows where there was room when they came, and in each the number of the transaction that wrote it
 * (xmin). Across tables both tell what was written beside what: a pass beside a mailbox. So every night the rows of each
 * small table are put down anew, all by one transaction, in an order of chance.
 */
import type { Database, Sql } from './database.ts';

/** Tables that refer to each other go together, what is referred to first. */
const SEATINGS: readonly (readonly string[])[] = [['passes'], ['draws'], ['mailboxes'], ['tickets'], ['rendezvous'], ['pools', 'key_packages']];

/** @throws RelayRefusal; what has been put down anew by then stays so */
export async function reseatTables(database: Database): Promise<void> {
  const counts = SEATINGS.flat().map((table) => `SELECT '${table}' AS table, (SELECT count(*)::int FROM (SELECT FROM ${table} LIMIT 2) few) AS few`);
  const rows = await database.query<{ table: string; few: number }>(counts.join(' UNION ALL '));
  const worthIt = new Set(rows.filter(({ few }) => few > 1).map(({ table }) => table));
  for (const tables of SEATINGS) {
    if (tables.some((table) => worthIt.has(table))) await database.transaction((sql) => reseat(sql, tables));
  }
}

/** Whoever wants one of the tables meanwhile waits; they are small. */
async function reseat(sql: Sql, tables: readonly string[]): Promise<void> {
  await sql.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  const columns = await columnsOf(sql, tables);
  for (const table of tables) await sql.query(`CREATE TEMPORARY TABLE seat_${table} ON COMMIT DROP AS SELECT ${columns.get(table)} FROM ${table}`);
  await sql.query(`TRUNCATE ${tables.join(', ')}`);
  for (const table of tables) {
    await sql.query(`INSERT INTO ${table} (${columns.get(table)}) SELECT ${columns.get(table)} FROM seat_${table} ORDER BY random()`);
  }
}

/** Without numbers that the table gives by itself: those tell an order too, and are given anew. */
async function columnsOf(sql: Sql, tables: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ table: string; columns: string }>(
    `SELECT table_name AS table, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ANY($1) AND is_identity = 'NO' GROUP BY 1`, [tables],
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}
