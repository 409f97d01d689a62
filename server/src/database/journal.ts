/**
 * PostgreSQL's write-ahead log: how far it has come, and how what lies in its files is written over. Only through SQL, so
 * that PostgreSQL's own care for a crash at any moment stays whole.
 */
import type { Database } from './database.ts';

const MiB = 1024 * 1024;
/** Milliseconds between two switches, which hold up commits for a moment each. */
const BREATH = 20;

interface Facts {
  readonly segmentBytes: number;
  readonly files: number;
}

/** The number of the next transaction that writes: it stands still while nobody does, also during passOver(). @throws RelayRefusal */
export async function writingsSoFar(database: Database): Promise<string> {
  const [row] = await database.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
  return row?.next ?? '';
}

/** Whether this role may do what passOver() does. @throws RelayRefusal */
export async function mayPassOver(database: Database): Promise<boolean> {
  const [row] = await database.query<{ may: boolean }>(`
    SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE') AND has_function_privilege('pg_ls_waldir()', 'EXECUTE')
       AND pg_has_role('pg_checkpoint', 'USAGE') AS may`);
  return row?.may === true;
}

/**
 * Makes PostgreSQL write over every file of its log. A switch ends a file and fills the rest of it with zeros; a
 * checkpoint lets the files before it be used again; so as many switches as there are files go over all of them. Where
 * files are large (16 MiB by default, fixed when the database is made) that would be too much writing, and only the first
 * switch and checkpoint are done.
 *
 * @throws RelayRefusal
 */
export async function passOver(database: Database): Promise<void> {
  await endFile(database);
  await database.query('CHECKPOINT');
  const { segmentBytes, files } = await facts(database);
  if (segmentBytes > MiB) return;
  for (let count = 0; count < files; count += 1) {
    await endFile(database);
    await new Promise((resolve) => setTimeout(resolve, BREATH));
  }
  await database.query('CHECKPOINT');
}

/** A file in which nothing stands is not ended, so something is put in: an empty message, which bears no time. */
async function endFile(database: Database): Promise<void> {
  await database.query(`SELECT pg_logical_emit_message(false, 'thicket', '')`);
  await database.query('SELECT pg_switch_wal()');
}

async function facts(database: Database): Promise<Facts> {
  const [row] = await database.query<{ bytes: string; files: number }>(`
    SELECT (SELECT setting FROM pg_settings WHERE name = 'wal_segment_size') AS bytes, (SELECT count(*)::int FROM pg_ls_waldir()) AS files`);
  return { segmentBytes: Number(row?.bytes), files: row?.files ?? 0 };
}
