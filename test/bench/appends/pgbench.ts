/** `pgbench`, PostgreSQL's own bench: rows of the same size, one in a transaction, each on disk before the next. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from '#shared/sodium.ts';
import type { TestDatabase } from '../../harness/postgres.ts';

const DEBIAN = '/usr/lib/postgresql';

/** @returns undefined where there is none */
export function findPgbench(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [])];
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path));
}

/** "pgbench (PostgreSQL) 15.9" */
export const pgbenchVersion = (pgbench: string): string => execFileSync(pgbench, ['--version'], { encoding: 'utf8' }).trim().split(' (Debian')[0] ?? 'pgbench';

export interface SingleInserts {
  /** @param seconds of it, with the time 64 clients need to connect. @returns rows a second once connected */
  run(seconds: number): Promise<number>;
  end(): void;
}

/** Inserts of one row with `bytes` random bytes and a primary key; prepared once, the value in the statement. */
export async function singleInserts(pgbench: string, database: TestDatabase, bytes: number, clients: number): Promise<SingleInserts> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-pgbench-'));
  const script = join(folder, 'insert.sql');
  const body = Buffer.from(randomBytes(bytes)).toString('hex');
  writeFileSync(script, `INSERT INTO pgbench_rows (body) VALUES ('\\x${body}');\n`);
  await database.query('CREATE TABLE pgbench_rows (id bigserial PRIMARY KEY, body bytea NOT NULL)');
  return {
    run: async (seconds) => {
      await database.query('TRUNCATE pgbench_rows');
      const { host, port, user, password, name } = placeOf(database.url);
      const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script, '-h', host, '-p', port, '-U', user, name];
      const said = await new Promise<string>((resolve, reject) => {
        execFile(pgbench, args, { env: { ...process.env, PGPASSWORD: password } }, (error, stdout, stderr) => (error ? reject(new Error(`pgbench: ${stderr}`)) : resolve(stdout)));
      });
      const rate = /tps = ([\d.]+)/.exec(said)?.[1];
      if (rate === undefined) throw new Error(`pgbench said: ${said}`);
      return Number(rate);
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function placeOf(url: string): { host: string; port: string; user: string; password: string; name: string } {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: searchParams.get('host') ?? hostname, port: port || (searchParams.get('port') ?? '5432'), user: decodeURIComponent(username),
    password: decodeURIComponent(password), name: pathname.slice(1),
  };
}
