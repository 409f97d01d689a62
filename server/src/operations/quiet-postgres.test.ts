/** Every configuration of PostgreSQL that is shipped keeps what it does to itself. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { buildServer, spawnRelay } from '../../../test/harness/relay.ts';
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** As SHOW tells them. */
const WANTED: Readonly<Record<string, string>> = {
  // No statement, value, connection or time of day in a log.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_connections: 'off',
  log_disconnections: 'off',
  log_hostname: 'off',
  log_lock_waits: 'off',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_temp_files: '-1',
  log_replication_commands: 'off',
  // No copy of the write-ahead log, and as little of it as can be.
  wal_level: 'minimal',
  archive_mode: 'off',
  max_wal_senders: '0',
  wal_keep_size: '0',
  max_wal_size: '64MB',
  min_wal_size: '16MB',
  wal_recycle: 'on',
  track_commit_timestamp: 'off',
  // No statistics of statements, no plans: those are modules somebody would have to load.
  shared_preload_libraries: '',
  session_preload_libraries: '',
  local_preload_libraries: '',
  // What was acknowledged survives.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
};

it('the embedded one runs with these settings', async () => {
  const data = mkdtempSync(join(tmpdir(), 'thicket-test-data-'));
  chmodSync(data, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDirectory: data, connections: 10, operator: { say: () => undefined, warn: () => undefined } });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const live: Record<string, string> = {};
  for (const name of Object.keys(WANTED)) live[name] = Object.values((await client.query<Record<string, string>>(`SHOW ${name}`)).rows[0] as Record<string, string>)[0] as string;
  const [{ wal_segment_size: segment }] = (await client.query<{ wal_segment_size: string }>('SHOW wal_segment_size')).rows as [{ wal_segment_size: string }];
  await client.end();
  await postgres.stop();
  rmSync(data, { recursive: true });
  expect(live).toEqual(WANTED);
  expect(segment).toBe('1MB');
}, 120_000);

it('the one of docker-compose.yml is told the same, and lets the relay write over its log', () => {
  const conf = readFileSync(join(ROOT, 'docker/postgres/postgresql.conf'), 'utf8');
  const told = Object.fromEntries([...conf.matchAll(/^([a-z_]+) = '?([^'\n]*?)'?$/gm)].map(([, name, value]) => [name as string, value as string]));
  expect(Object.fromEntries(Object.keys(WANTED).map((name) => [name, told[name]]))).toEqual(WANTED);
  const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  expect(compose).toContain('--wal-segsize=1');
  expect(compose.match(/^ {4}ulimits: \{ core: 0 \}$/gm)).toHaveLength(2);
  const grants = readFileSync(join(ROOT, 'docker/postgres/journal-grants.sql'), 'utf8');
  for (const grant of ['GRANT pg_checkpoint TO thicket', 'pg_switch_wal() TO thicket', 'pg_ls_waldir() TO thicket']) expect(grants).toContain(grant);
});

it.skipIf(process.platform !== 'linux')('a core dump of the relay, or of its PostgreSQL, would hold nothing of their memory', async () => {
  buildServer();
  const relay = await spawnRelay({ embedded: true });
  expect(Number.parseInt(readFileSync(`/proc/${relay.pid}/coredump_filter`, 'utf8'), 16)).toBe(0);
  await relay.stop();
}, 120_000);

it('npm start lets nobody below it dump its memory', () => {
  expect(readFileSync(join(ROOT, 'scripts/steps/relay.mjs'), 'utf8')).toContain('ulimit -c 0');
});
