/**
 * The vault of a device without a browser: one SQLite file, through Node's own `node:sqlite`. The file is locked for as
 * long as it is open (an fcntl lock, so it dies with its process), readable by its owner only, and deleted rows are
 * overwritten with zeros.
 */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Collection, VaultFailure, type VaultHome } from './port.ts';
import type { RawChange, RawEntry, RawHome, RawKey, RawRange, RawStore } from './raw-store.ts';
import { sealedHome, type SealedHomeOptions } from './sealed.ts';
import { sqliteFailure } from './sqlite-failure.ts';

export const VAULT_FILE = 'vault.db';
const SCHEMA_VERSION = 1;
const RETRY_MS = 50;

export interface SqliteHomeOptions extends SealedHomeOptions {
  /** How long to wait for another process to let go of the vault, in milliseconds. Default 0. */
  readonly patienceMs?: number | undefined;
  /** The file may not grow beyond this many bytes; then writing fails with `storage-full`. */
  readonly maximumBytes?: number | undefined;
}

/** A vault in `directory`/vault.db. The directory is made (0700) when a vault is first created. */
export const sqliteVaultHome = (directory: string, options: SqliteHomeOptions = {}): VaultHome =>
  sealedHome(sqliteHome(directory, options), options);

function sqliteHome(directory: string, options: SqliteHomeOptions): RawHome {
  const file = join(directory, VAULT_FILE);
  return {
    // A file without a header is a creation cut short; SqliteStore reads the header under the lock.
    exists: () => attempt(() => existsSync(file) && headerIsThere(file)),

    open: () => openPatiently(directory, file, options),

    async erase() {
      if (!existsSync(file)) return;
      const store = await openPatiently(directory, file, options).catch((error: unknown) => {
        if (error instanceof VaultFailure && error.code === 'in-use') throw error;
        return undefined; // too damaged to open: unlinking is all that can be done
      });
      // The sealed data key goes first, overwritten: without it the rest is noise wherever a copy of it remains. A
      // damaged file may not let it be; unlinking follows either way.
      await store?.forgetHeader().catch(() => undefined);
      await store?.close();
      await attempt(() => {
        for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
      });
    },
  };
}

async function openPatiently(directory: string, file: string, options: SqliteHomeOptions): Promise<SqliteStore> {
  const deadline = Date.now() + (options.patienceMs ?? 0);
  for (;;) {
    try {
      return await attempt(() => new SqliteStore(prepareFile(directory, file), options.maximumBytes));
    } catch (error) {
      if (!(error instanceof VaultFailure) || error.code !== 'in-use' || Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** SQLite would make the file with the umask's mode; its journals take over the mode of the file. */
function prepareFile(directory: string, file: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  return file;
}

/** Busy means that somebody has it open, and then it has a header or is about to get one; damaged, that something was
 *  there, and opening it will say so. */
function headerIsThere(file: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    const tables = database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'header'").get() as { n: number };
    return tables.n > 0 && database.prepare('SELECT 1 FROM header').get() !== undefined;
  } catch (error) {
    if (['in-use', 'damaged'].includes(sqliteFailure(error).code)) return true;
    throw error;
  } finally {
    database?.close();
  }
}

class SqliteStore implements RawStore {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #all: StatementSync;
  readonly #oldest: StatementSync;
  readonly #newest: StatementSync;
  readonly #header: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteScope: StatementSync;
  readonly #putHeader: StatementSync;

  constructor(file: string, maximumBytes: number | undefined) {
    this.#database = new DatabaseSync(file);
    const prepare = (sql: string) => this.#database.prepare(sql);
    try {
      this.#prepareDatabase(maximumBytes);
      this.#header = prepare('SELECT bytes FROM header WHERE id = 1');
      this.#get = prepare('SELECT sealed FROM entries WHERE collection = ? AND scope = ? AND position = ?');
      this.#all = prepare('SELECT scope, position, sealed FROM entries WHERE collection = ? ORDER BY scope, position');
      const range = 'SELECT scope, position, sealed FROM entries WHERE collection = ? AND scope = ? AND position BETWEEN ? AND ?';
      this.#oldest = prepare(`${range} ORDER BY position LIMIT ?`);
      this.#newest = prepare(`${range} ORDER BY position DESC LIMIT ?`);
      this.#put = prepare(`INSERT INTO entries (collection, scope, position, sealed) VALUES (?, ?, ?, ?)
        ON CONFLICT (collection, scope, position) DO UPDATE SET sealed = excluded.sealed`);
      this.#delete = prepare('DELETE FROM entries WHERE collection = ? AND scope = ? AND position = ?');
      this.#deleteScope = prepare('DELETE FROM entries WHERE collection = ? AND scope = ? AND position BETWEEN ? AND ?');
      this.#putHeader = prepare('INSERT INTO header (id, bytes) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** EXCLUSIVE before the first access to a WAL database keeps the lock, and needs no shared memory file. */
  #prepareDatabase(maximumBytes: number | undefined): void {
    this.#database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; BEGIN EXCLUSIVE`);
    const { user_version: version } = this.#database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > SCHEMA_VERSION) throw new VaultFailure('newer-version');
    if (version === 0) {
      this.#database.exec(`
        CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT;
        CREATE TABLE entries (collection TEXT NOT NULL, scope TEXT NOT NULL, position INTEGER NOT NULL, sealed BLOB NOT NULL,
          PRIMARY KEY (collection, scope, position)) STRICT;
        PRAGMA user_version = ${SCHEMA_VERSION}`);
    }
    this.#database.exec('COMMIT');
    if (maximumBytes !== undefined) {
      const { page_size: size } = this.#database.prepare('PRAGMA page_size').get() as { page_size: number };
      this.#database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maximumBytes / size))}`);
    }
  }

  header(): Promise<Uint8Array | undefined> {
    return attempt(() => (this.#header.get() as { bytes: Uint8Array } | undefined)?.bytes);
  }

  get(key: RawKey): Promise<Uint8Array | undefined> {
    return attempt(() => (this.#get.get(key.collection, key.scope, key.order) as { sealed: Uint8Array } | undefined)?.sealed);
  }

  range(collection: Collection, scope: string, range: RawRange): Promise<RawEntry[]> {
    const statement = range.newestFirst === true ? this.#newest : this.#oldest;
    const { from = 0, to = Number.MAX_SAFE_INTEGER, limit = -1 } = range;
    return attempt(() => entries(statement.all(collection, scope, from, to, limit)));
  }

  all(collection: Collection): Promise<RawEntry[]> {
    return attempt(() => entries(this.#all.all(collection)));
  }

  writeBatch(batch: readonly RawChange[]): Promise<void> {
    return attempt(() => {
      this.#database.exec('BEGIN');
      try {
        for (const change of batch) this.#apply(change);
        this.#database.exec('COMMIT');
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #apply(change: RawChange): void {
    if ('put' in change) this.#put.run(change.put.collection, change.put.scope, change.put.order, change.sealed);
    else if ('delete' in change) this.#delete.run(change.delete.collection, change.delete.scope, change.delete.order);
    else if ('deleteScope' in change) {
      const { collection, scope, from, to } = change.deleteScope;
      this.#deleteScope.run(collection, scope, from, to);
    } else this.#putHeader.run(change.header);
  }

  forgetHeader(): Promise<void> {
    return attempt(() => this.#database.exec('DELETE FROM header; PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  close(): Promise<void> {
    return attempt(() => {
      if (this.#database.isOpen) this.#database.close();
    });
  }
}

const entries = (rows: readonly unknown[]): RawEntry[] =>
  (rows as { scope: string; position: number; sealed: Uint8Array }[])
    .map(({ scope, position, sealed }) => ({ scope, order: position, sealed }));

/** `node:sqlite` is synchronous; its errors become rejections of ours. */
async function attempt<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw sqliteFailure(error);
  }
}
