/**
 * The vault of a browser: one IndexedDB database. Every batch is one strict readwrite transaction, its requests made
 * in one go, so that it cannot commit early. A Web Lock named after the vault keeps a second tab out.
 */
import { type DBSchema, type IDBPDatabase, openDB, deleteDB, unwrap } from 'idb';
import { type Collection, VaultFailure, type VaultFailureCode, type VaultHome } from './port.ts';
import type { RawChange, RawEntry, RawHome, RawKey, RawRange, RawStore } from './raw-store.ts';
import { sealedHome, type SealedHomeOptions } from './sealed.ts';

type EntryKey = [collection: string, scope: string, order: number];
interface Schema extends DBSchema {
  header: { key: string; value: Uint8Array };
  entries: { key: EntryKey; value: Uint8Array };
}
type Database = IDBPDatabase<Schema>;

const SCHEMA_VERSION = 1;
const HEADER = 'header';

export interface IndexedDbHomeOptions extends SealedHomeOptions {
  /** How long to wait for another tab (or this one before a reload) to let go, in milliseconds. Default 1,500. */
  readonly patienceMs?: number | undefined;
}

/** A vault in the IndexedDB database `name` of this origin. */
export const indexedDbVaultHome = (name = 'thicket-vault', options: IndexedDbHomeOptions = {}): VaultHome =>
  sealedHome(indexedDbHome(name, options.patienceMs ?? 1500), options);

function indexedDbHome(name: string, patienceMs: number): RawHome {
  return {
    exists: () => attempt(async () => {
      const database = await openDatabase(name);
      try {
        return (await database.get('header', HEADER)) !== undefined;
      } finally {
        database.close();
      }
    }),

    async open() {
      const release = await holdLock(name, patienceMs);
      try {
        return indexedDbStore(await attempt(() => openDatabase(name)), release);
      } catch (error) {
        release();
        throw error;
      }
    },

    async erase() {
      const release = await holdLock(name, patienceMs);
      try {
        await attempt(() => deleteDB(name));
      } finally {
        release();
      }
    },
  };
}

const openDatabase = (name: string): Promise<Database> =>
  openDB<Schema>(name, SCHEMA_VERSION, {
    upgrade(database) {
      database.createObjectStore('header');
      database.createObjectStore('entries');
    },
    // Somebody erases the database: the lock says that it is not in use any more, so never stand in the way.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

/** @returns what releases the lock. @throws VaultFailure `in-use` when nobody let go in time */
async function holdLock(name: string, patienceMs: number): Promise<() => void> {
  const locks = globalThis.navigator?.locks;
  // Without locks two tabs could write over each other; better not to open at all.
  if (locks === undefined) throw new VaultFailure('storage-unavailable');
  return new Promise((resolve, reject) => {
    locks
      .request(`${name}.lock`, { signal: AbortSignal.timeout(patienceMs) }, () => new Promise<void>((release) => resolve(release)))
      .catch((cause: unknown) => reject(new VaultFailure('in-use', { cause })));
  });
}

function indexedDbStore(database: Database, release: () => void): RawStore {
  return {
    header: () => attempt(() => database.get('header', HEADER)),
    get: (key) => attempt(() => database.get('entries', entryKey(key))),
    range: (collection, scope, range) => attempt(() => readRange(database, collection, scope, range)),
    all: (collection) => attempt(() => readEntries(database, IDBKeyRange.bound([collection], [collection, []]))),
    writeBatch: (batch) => attempt(() => writeBatch(database, batch)),
    async close() {
      database.close();
      release();
    },
  };
}

const entryKey = ({ collection, scope, order }: RawKey): EntryKey => [collection, scope, order];

async function readEntries(database: Database, range: IDBKeyRange, limit?: number): Promise<RawEntry[]> {
  const store = database.transaction('entries').store;
  const [keys, values] = await Promise.all([store.getAllKeys(range, limit), store.getAll(range, limit)]);
  return keys.map(([, scope, order], index) => ({ scope, order, sealed: values[index] as Uint8Array }));
}

async function readRange(database: Database, collection: Collection, scope: string, options: RawRange): Promise<RawEntry[]> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, limit, newestFirst = false } = options;
  if (from > to || limit === 0) return [];
  const range = IDBKeyRange.bound([collection, scope, from], [collection, scope, to]);
  if (!newestFirst) return readEntries(database, range, limit);
  if (limit === undefined) return (await readEntries(database, range)).reverse();
  const whole = await readBackwards(database, range, limit);
  if (whole !== undefined) return whole;
  const found: RawEntry[] = [];
  let cursor = await database.transaction('entries').store.openCursor(range, 'prev');
  while (cursor !== null && found.length < limit) {
    found.push({ scope, order: cursor.key[2], sealed: cursor.value });
    if (found.length < limit) cursor = await cursor.continue();
  }
  return found;
}

interface Records {
  getAllRecords?(options: { query: IDBKeyRange; count: number; direction: 'prev' }): IDBRequest<{ key: EntryKey; value: Uint8Array }[]>;
}
/** In one request, where the browser has one for it; a cursor is one for every few entries. @returns undefined where it has none */
async function readBackwards(database: Database, range: IDBKeyRange, limit: number): Promise<RawEntry[] | undefined> {
  const store: Records = unwrap(database).transaction('entries').objectStore('entries') as Records;
  const request = store.getAllRecords?.({ query: range, count: Math.min(limit, 2 ** 32 - 1), direction: 'prev' });
  if (request === undefined) return undefined;
  const records = await new Promise<{ key: EntryKey; value: Uint8Array }[]>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('not read', 'UnknownError'));
  });
  return records.map(({ key: [, scope, order], value }) => ({ scope, order, sealed: value }));
}

/**
 * Everything is asked for in one go and committed with it: nothing can come between. What becomes of the single requests the
 * transaction tells as a whole; a promise for each would cost as much as the request.
 */
async function writeBatch(database: Database, batch: readonly RawChange[]): Promise<void> {
  const transaction = unwrap(database).transaction(['header', 'entries'], 'readwrite', { durability: 'strict' });
  const stores = { header: transaction.objectStore('header'), entries: transaction.objectStore('entries') };
  try {
    for (const change of batch) request(stores, change);
    transaction.commit();
  } catch (cause) {
    transaction.abort();
    throw cause;
  }
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('given up', 'AbortError'));
  });
}

function request({ header, entries }: Readonly<Record<'header' | 'entries', IDBObjectStore>>, change: RawChange): void {
  if ('put' in change) entries.put(change.sealed, entryKey(change.put));
  else if ('delete' in change) entries.delete(entryKey(change.delete));
  else if ('header' in change) header.put(change.header, HEADER);
  else {
    const { collection, scope, from, to } = change.deleteScope;
    if (from <= to) entries.delete(IDBKeyRange.bound([collection, scope, from], [collection, scope, to]));
  }
}

const BY_NAME: ReadonlyMap<string, VaultFailureCode> = new Map([
  ['QuotaExceededError', 'storage-full'],
  ['VersionError', 'newer-version'],
  ['DataError', 'damaged'],
]);

/** Browsers name their storage errors; whatever is not in the table is `storage-unavailable`. */
async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof VaultFailure) throw cause;
    const name = typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : '';
    throw new VaultFailure(BY_NAME.get(name) ?? 'storage-unavailable', { cause });
  }
}
