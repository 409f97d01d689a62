/**
 * A real PostgreSQL for tests: one to a test process, a fresh database to each test. The cluster is made once on a
 * machine and copied, the tables are made once in a process and copied, so a database costs milliseconds. It does not
 * wait for the disk: kill -9 loses nothing all the same, only a power cut would.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '#server/database/data-source.ts';
import { startEmbeddedPostgres } from '#server/operations/embedded-postgres/embedded-postgres.ts';
import { findBinaries } from '#server/operations/embedded-postgres/binaries.ts';

export interface TestPostgres {
  /** postgresql:// of the server's own database. */
  readonly url: string;
  /** PostgreSQL's data folder. */
  readonly directory: string;
  /** An empty database with the relay's tables. */
  freshDatabase(): Promise<TestDatabase>;
  /** A database without tables. */
  emptyDatabase(): Promise<TestDatabase>;
  /** Kills the postmaster with -9; the launcher starts it again by itself. */
  crash(): void;
  stop(): Promise<void>;
}
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Folder of the day keys of relays on this database. */
  readonly keys: string;
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Everything in it as text, as a seizing hand would find it: INSERT-like lines, bytea in hexadecimal. */
  dump(): Promise<string>;
  /** A copy of it as it is now; connections to it break for a moment. */
  backup(): Promise<TestDatabase>;
  /** Puts a copy in its place, as an operator does after a mishap. */
  restore(copy: TestDatabase): Promise<void>;
  drop(): Promise<void>;
}

const PREFIX = 'thicket-test-pg-';
const QUIET = { say: () => undefined, warn: () => undefined };
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB' };

let shared: Promise<TestPostgres> | undefined;

/** The one PostgreSQL of this process; it ends with the process. */
export function testPostgres(): Promise<TestPostgres> {
  shared ??= startTestPostgres();
  return shared;
}

/**
 * @param options.durable waits for the disk, as in production: for measurements
 * @param options.parent where its folder is made; the temporary folder if not given
 */
export async function startTestPostgres(
  options: { durable?: boolean; parent?: string; settings?: Readonly<Record<string, string>> } = {},
): Promise<TestPostgres> {
  sweep();
  const dataDirectory = mkdtempSync(join(options.parent ?? tmpdir(), `${PREFIX}${process.pid}-`));
  spawnSync('chmod', ['755', dataDirectory]);
  spawnSync('cp', ['-a', join(await cachedCluster(), 'database'), dataDirectory]);
  const settings = { ...(options.durable ? {} : NOT_DURABLE), ...options.settings };
  const embedded = await startEmbeddedPostgres({ dataDirectory, connections: 200, operator: QUIET, settings });
  let template: Promise<string> | undefined;
  const create = async (from: string): Promise<TestDatabase> => {
    const name = `t_${randomBytes(6).toString('hex')}`;
    await once(embedded.url, `CREATE DATABASE ${name} TEMPLATE ${from}`);
    return databaseAt(embedded.url, name, join(dataDirectory, 'keys', name));
  };
  return {
    url: embedded.url,
    directory: embedded.directory,
    freshDatabase: async () => {
      template ??= makeTemplate(embedded.url);
      return create(await template);
    },
    emptyDatabase: () => create('template0'),
    crash: () => process.kill(Number.parseInt(readFileSync(join(embedded.directory, 'postmaster.pid'), 'utf8'), 10), 'SIGKILL'),
    stop: async () => {
      await embedded.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** One statement on a connection of its own. */
async function once<Row extends object>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values as unknown[])).rows;
  } finally {
    await client.end();
  }
}

const urlOf = (server: string, name: string): string => server.replace(/\/postgres\?/, `/${name}?`);

function databaseAt(server: string, name: string, keys: string): TestDatabase {
  const url = urlOf(server, name);
  return {
    url,
    name,
    keys,
    query: (text, values) => once(url, text, values),
    dump: async () => {
      const tables = await once<{ name: string }>(url, "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1");
      const texts = await Promise.all(tables.map(async (table) => {
        const rows = await once<{ row: string }>(url, `SELECT t::text AS row FROM ${table.name} t`);
        return [`-- ${table.name}`, ...rows.map(({ row }) => row)].join('\n');
      }));
      return texts.join('\n');
    },
    backup: async () => {
      const copy = `${name}_${randomBytes(3).toString('hex')}`;
      await once(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await once(server, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      await once(server, `CREATE DATABASE ${copy} TEMPLATE ${name}`);
      await once(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      return databaseAt(server, copy, keys);
    },
    restore: async (copy) => {
      await once(server, `DROP DATABASE ${name} WITH (FORCE)`);
      await once(server, `CREATE DATABASE ${name} TEMPLATE ${copy.name}`);
    },
    drop: async () => {
      await once(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function makeTemplate(server: string): Promise<string> {
  const name = 'thicket_template';
  await once(server, `CREATE DATABASE ${name}`);
  const url = urlOf(server, name);
  await migrate(url);
  return name;
}

/** A cluster fresh from initdb, made once on this machine for this version and user. */
async function cachedCluster(): Promise<string> {
  const place = join(tmpdir(), `thicket-test-cluster-1-${findBinaries().version}-${process.getuid?.() ?? 0}`);
  if (existsSync(place)) return place;
  const draft = mkdtempSync(`${place}.`);
  spawnSync('chmod', ['755', draft]);
  const first = await startEmbeddedPostgres({ dataDirectory: draft, connections: 20, operator: QUIET, settings: NOT_DURABLE });
  await first.stop();
  try {
    renameSync(draft, place);
  } catch {
    // Another test process was faster.
    rmSync(draft, { recursive: true, force: true });
  }
  return place;
}

/** Folders of test processes that were killed. */
function sweep(): void {
  mkdirSync(tmpdir(), { recursive: true });
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
