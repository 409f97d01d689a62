/** The cluster on disk: made once, whole or not at all, with a password of its own. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { type Account, asAccount } from './account.ts';
import type { Places } from './places.ts';
import { isAlive } from './processes.ts';

export interface Cluster {
  /** PostgreSQL's data folder. */
  readonly directory: string;
  /** Folder of the Unix socket; private to the account. */
  readonly socketDirectory: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const USER = 'thicket';
const DATABASE = 'postgres';
/** A socket's path may hold 107 bytes; `/.s.PGSQL.5432` and a lock suffix come on top of the folder. */
const LONGEST_SOCKET_FOLDER = 80;

/** Opens the cluster, or makes it. An attempt cut short is swept away by the next. @throws StartError if initdb fails */
export async function openCluster(places: Places, account: Account | undefined, say: (sentence: string) => void): Promise<Cluster> {
  const directory = join(places.home, 'cluster');
  const password = readPassword(places.home);
  if (!existsSync(directory)) {
    say('Making the database ...');
    await initialise(places, account, directory, password);
  }
  return { directory, socketDirectory: socketFolder(places.home, account), user: USER, password, database: DATABASE };
}

/** postgresql:// URL through the private socket; holds the password. */
export const urlOf = (cluster: Pick<Cluster, 'user' | 'password' | 'database' | 'socketDirectory'>): string =>
  `postgresql://${cluster.user}:${encodeURIComponent(cluster.password)}@localhost:5432/${cluster.database}?host=${encodeURIComponent(cluster.socketDirectory)}`;

/**
 * URL of a cluster that another process runs, undefined when none runs there. Nothing is made or changed.
 * @throws StartError when this user may not read its password
 */
export function urlOfRunning(home: string): string | undefined {
  const [pid, , , , socketDirectory] = readIfThere(join(home, 'cluster', 'postmaster.pid'))?.split('\n') ?? [];
  const password = readIfThere(join(home, 'password'));
  if (pid === undefined || password === undefined || !socketDirectory || !isAlive(Number(pid))) return undefined;
  return urlOf({ user: USER, password, database: DATABASE, socketDirectory });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
    throw new StartError(`This user may not read ${path}; run the command as the user who runs the relay.`, { cause });
  }
}

/** Readable by whoever runs the relay alone. */
function readPassword(home: string): string {
  const path = join(home, 'password');
  if (!existsSync(path)) {
    const draft = `${path}.new`;
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    renameSync(draft, path);
  }
  return readFileSync(path, 'utf8');
}

async function initialise(places: Places, account: Account | undefined, directory: string, password: string): Promise<void> {
  const unfinished = `${directory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(places.home, 'password.initdb');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
  try {
    await run(places.binaries.initdb, [
      '--pgdata', unfinished, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C',
      '--data-checksums', '--no-instructions',
      // Small files of the write-ahead log are soon written over (operations/journal-keeper.ts).
      '--wal-segsize', '1',
    ], account);
    renameSync(unfinished, directory);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function socketFolder(home: string, account: Account | undefined): string {
  if (Buffer.byteLength(home) <= LONGEST_SOCKET_FOLDER) return home;
  const folder = mkdtempSync(join(tmpdir(), 'thicket-'));
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  return folder;
}

function run(program: string, args: readonly string[], account: Account | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...asAccount(account), stdio: ['ignore', 'ignore', 'pipe'], env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' } });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-2000);
    });
    child.on('error', (cause) => reject(new StartError(`The database could not be made: ${cause.message}.`, { cause })));
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new StartError(`The database could not be made: ${lastLine(said)}`));
    });
  });
}

const lastLine = (text: string): string => text.trim().split('\n').find((line) => line.includes('error')) ?? text.trim().split('\n').at(-1) ?? '';
