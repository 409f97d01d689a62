/** The connection to PostgreSQL, its time limits, and the migrations that run before anything else. */
import { DataSource } from 'typeorm';
import pg from 'pg';
import { MIGRATIONS } from './migrations/index.ts';

/** Milliseconds. A batch of large bodies on a slow disk takes seconds; nothing honest takes a minute. */
export const DATABASE_TIMES = { connect: 10_000, statement: 30_000, lock: 10_000, idleInTransaction: 30_000, hung: 60_000 } as const;

/** Any number of its own, so that two relays starting together migrate one after the other. */
const MIGRATION_LOCK = 7_419_032_118;

type Times = Readonly<Record<keyof typeof DATABASE_TIMES, number>>;
/** Tables that grew for years are changed for as long as it takes; 0 is no limit. A lock that somebody else holds is not waited for longer. */
const MIGRATION_TIMES: Times = { ...DATABASE_TIMES, statement: 0, idleInTransaction: 0, hung: 0 };

/** @param url postgresql:// */
export async function openDataSource(url: string, connections: number, times: Times = DATABASE_TIMES, migrations = MIGRATIONS): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    synchronize: false,
    migrationsRun: false,
    migrations,
    migrationsTableName: 'migrations',
    installExtensions: false,
    logging: false,
    poolSize: connections,
    connectTimeoutMS: times.connect,
    applicationName: 'thicket',
    // An idle connection that breaks is replaced by the next one: nothing to report.
    poolErrorHandler: () => undefined,
    extra: {
      statement_timeout: times.statement,
      lock_timeout: times.lock,
      idle_in_transaction_session_timeout: times.idleInTransaction,
      query_timeout: times.hung,
      keepAlive: true,
    },
  });
  return source.initialize();
}

/** On a connection of its own. @param url of the same database */
export async function migrate(url: string, migrations = MIGRATIONS): Promise<void> {
  await oneAtATime(url, async () => {
    const source = await openDataSource(url, 1, MIGRATION_TIMES, migrations);
    try {
      await source.runMigrations({ transaction: 'each' });
    } finally {
      await source.destroy();
    }
  });
}

/** Of relays that start together one does this after the other. The lock is held on a connection of its own, without time limits. */
export async function oneAtATime(url: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: DATABASE_TIMES.connect, application_name: 'thicket' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await work();
  } finally {
    await client.end().catch(() => undefined);
  }
}
