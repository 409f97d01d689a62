/**
 * One running postmaster, tied to this process by a pipe: a small shell beside it reads the pipe and stops PostgreSQL
 * when it closes, which the kernel sees to even when Node is killed with -9.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Account, asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';

/** fd 3 is the pipe. SIGINT is PostgreSQL's fast shutdown: sessions are cut, the log is written out. */
const WARDEN = `
ulimit -c 0
"$@" 3<&- &
postgres=$!
( read -r _ <&3; kill -INT "$postgres" 2>/dev/null ) &
watcher=$!
exec 3<&-
wait "$postgres"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

/**
 * PostgreSQL's write-ahead log tells of every commit when it was, to the microsecond. So it holds little more than a crash
 * needs. Its files are used again: with new ones a full disk would stop the whole database, not only the writing of rows.
 * That they are soon written over is the journal keeper's business (operations/journal-keeper.ts).
 */
const SHORT_WAL: Readonly<Record<string, string>> = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  archive_mode: 'off',
  max_wal_size: '64MB',
  min_wal_size: '16MB',
  wal_keep_size: '0',
  wal_recycle: 'on',
  track_commit_timestamp: 'off',
};

/** Durable, quiet, and reachable through its private socket alone. Statements and their values never reach a log. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  port: '5432',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_duration: 'off',
  log_connections: 'off',
  log_disconnections: 'off',
  log_checkpoints: 'off',
  log_lock_waits: 'off',
  log_autovacuum_min_duration: '-1',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  track_activity_query_size: '100',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_line_prefix: '',
  log_hostname: 'off',
  log_temp_files: '-1',
  log_replication_commands: 'off',
  shared_preload_libraries: '',
  session_preload_libraries: '',
  local_preload_libraries: '',
  shared_buffers: '64MB',
  ...SHORT_WAL,
  jit: 'off',
};

export interface Postmaster {
  /** Resolves when PostgreSQL has ended, with its last words for the operator. */
  readonly ended: Promise<string>;
  /** Fast shutdown. */
  stop(): Promise<void>;
}

/** @param overrides settings that tests change, such as fsync */
export function startPostmaster(options: {
  binaries: Binaries; cluster: Cluster; account: Account | undefined; connections: number; overrides: Readonly<Record<string, string>>;
}): Postmaster {
  const { cluster } = options;
  const settings = { ...SETTINGS, max_connections: String(options.connections), unix_socket_directories: cluster.socketDirectory, ...options.overrides };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn('/bin/sh', ['-c', WARDEN, 'thicket-postgres', options.binaries.postgres, '-D', cluster.directory, ...flags], {
    ...asAccount(options.account),
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    // A session of its own: Ctrl-C in the terminal stops the relay first, and the relay stops PostgreSQL.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = watch(child);
  return {
    ended,
    stop: async () => {
      child.stdio[3]?.destroy();
      await ended;
    },
  };
}

function watch(child: ChildProcess): Promise<string> {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-4000);
  });
  child.stdio[3]?.on('error', () => undefined);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', () => resolve(words.trim().split('\n').at(-1) ?? ''));
  });
}
