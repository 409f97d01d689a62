import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnRelay } from '../../../../test/harness/relay.ts';
import { accountForPostgres, reaches } from './account.ts';
import { lockDirectory } from './directory-lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { isAlive, postgresProcessesIn, waitUntilGone } from './processes.ts';

/** The test's own folder, and the data folder: the same unless a test says otherwise. */
let root: string;
let data: string;
const said: string[] = [];
const operator = { say: (line: string) => void said.push(line), warn: (line: string) => void said.push(line) };
const settings = { fsync: 'off' };
const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDirectory: data, connections: 10, operator, settings });
const ask = async (url: string, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};
const masterOf = (postgres: EmbeddedPostgres): number => Number.parseInt(readFileSync(join(postgres.directory, 'postmaster.pid'), 'utf8'), 10);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'thicket-test-data-'));
  data = root;
  chmodSync(root, 0o755);
  said.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  it('keeps its data from one start to the next, listens at no port, waits for the disk, and is gone when stopped', async () => {
    const first = await startEmbeddedPostgres({ dataDirectory: data, connections: 10, operator });
    await ask(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    expect(await ask(first.url, "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes', 'log_statement', 'log_connections') ORDER BY name"))
      .toEqual([['fsync', 'on'], ['full_page_writes', 'on'], ['listen_addresses', ''], ['log_connections', 'off'], ['log_statement', 'none'], ['synchronous_commit', 'on']].map(([name, setting]) => ({ name, setting })));
    await first.stop();
    expect(postgresProcessesIn(first.directory)).toEqual([]);
    const second = await start();
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();
  }, 60_000);

  it('keeps no more of its write-ahead log, which tells of commits to the microsecond, than a crash needs', async () => {
    const postgres = await start();
    const wanted = {
      archive_mode: 'off', log_min_duration_statement: '-1', max_wal_senders: '0', max_wal_size: '64MB', min_wal_size: '16MB',
      track_commit_timestamp: 'off', wal_keep_size: '0', wal_level: 'minimal', wal_recycle: 'on',
    };
    for (const [name, value] of Object.entries(wanted)) expect(await ask(postgres.url, `SHOW ${name}`)).toEqual([{ [name]: value }]);
    await ask(postgres.url, "CREATE TABLE busy AS SELECT repeat(md5(n::text), 32) AS text FROM generate_series(1, 120000) n");
    await ask(postgres.url, 'UPDATE busy SET text = text');
    await ask(postgres.url, 'CHECKPOINT');
    await ask(postgres.url, 'CHECKPOINT');
    const [files] = await ask(postgres.url, 'SELECT count(*)::int AS count FROM pg_ls_waldir()') as [{ count: number }];
    // 1 MiB each; PostgreSQL aims at 64 MiB and may run a little over.
    expect(files.count).toBeLessThanOrEqual(96);
    await postgres.stop();
  }, 60_000);

  it('needs its password, which no other user can read', async () => {
    const postgres = await start();
    await expect(ask(postgres.url.replace(/:[^:@/]+@/, ':guess@'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(spawnSync('stat', ['-c', '%a', join(data, 'database', 'password')], { encoding: 'utf8' }).stdout.trim()).toBe('600');
    await postgres.stop();
  }, 60_000);

  it('comes back when it is killed, and when a backend is', async () => {
    const postgres = await start();
    const before = masterOf(postgres);
    process.kill(before, 'SIGKILL');
    for (let tries = 0; ; tries += 1) {
      if (await ask(postgres.url, 'SELECT 1').then(() => true, () => false)) break;
      if (tries > 200) throw new Error('it did not come back');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(masterOf(postgres)).not.toBe(before);
    expect(said).toContain('The database stopped by itself and is being started again.');
    await postgres.stop();
  }, 60_000);

  it('lets one Thicket at a folder, and the next one once it is gone', async () => {
    const postgres = await start();
    await expect(start()).rejects.toThrow(`Another Thicket is using the folder ${data}`);
    await postgres.stop();
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    writeFileSync(join(data, 'thicket.lock'), JSON.stringify({ pid: child.pid, started: undefined }));
    expect(() => lockDirectory(data)).toThrow('Another Thicket');
    writeFileSync(join(data, 'thicket.lock'), JSON.stringify({ pid: child.pid, started: 'of a process that had this pid before' }));
    lockDirectory(data).release();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    writeFileSync(join(data, 'thicket.lock'), JSON.stringify({ pid: child.pid }));
    lockDirectory(data).release();
    writeFileSync(join(data, 'thicket.lock'), 'half a li');
    lockDirectory(data).release();
  }, 60_000);

  it('stops the PostgreSQL of a relay that was killed with -9', async () => {
    const relay = await spawnRelay({ embedded: true, dataDirectory: data });
    const cluster = join(data, 'database', 'cluster');
    const master = Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
    expect(isAlive(master)).toBe(true);
    await relay.kill('SIGKILL');
    expect(await waitUntilGone(() => postgresProcessesIn(cluster), 10_000)).toBe(true);
    await relay.restart();
    await relay.stop();
  }, 90_000);

  it('takes over from an orphan that nobody stopped, and from a postmaster.pid that names a stranger', async () => {
    const first = await start();
    const { directory } = first;
    await first.stop();
    // An orphan: started outside any relay, so nothing ties it to one.
    const account = accountForPostgres();
    const { findBinaries } = await import('./binaries.ts');
    const orphan = spawn(findBinaries().postgres, ['-D', directory, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${join(data, 'database')}`], {
      ...(account ? { uid: account.uid, gid: account.gid } : {}), stdio: 'ignore', detached: true,
    });
    for (let tries = 0; tries < 200 && !existsSync(join(directory, 'postmaster.pid')); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    const second = await start();
    expect(isAlive(orphan.pid as number)).toBe(false);
    expect(masterOf(second)).not.toBe(orphan.pid);
    await second.stop();
    writeFileSync(join(directory, 'postmaster.pid'), `${process.pid}\n${directory}\n`);
    if (account) spawnSync('chown', [`${account.uid}:${account.gid}`, join(directory, 'postmaster.pid')]);
    const third = await start();
    expect(await ask(third.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await third.stop();
  }, 90_000);

  it('begins again after an initdb that was cut short', async () => {
    mkdirSync(join(data, 'database', 'cluster.new', 'base'), { recursive: true });
    writeFileSync(join(data, 'database', 'cluster.new', 'PG_VERSION'), '17');
    const postgres = await start();
    await postgres.stop();
    expect(readdirSync(join(data, 'database')).sort()).toEqual(['cluster', 'password']);
  }, 60_000);

  it('works in a folder with a very long path', async () => {
    const deep = join(data, 'a'.repeat(60), 'b'.repeat(60));
    mkdirSync(deep, { recursive: true });
    data = deep;
    const postgres = await start();
    expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  }, 60_000);

  it.skipIf(process.getuid?.() !== 0)('run by root below a private folder, keeps its data where its user can reach it, and says so', async () => {
    data = join(root, 'private', 'project', '.thicket');
    mkdirSync(data, { recursive: true });
    chmodSync(join(root, 'private'), 0o700);
    expect(reaches(accountForPostgres(), ['-x'], data)).toBe(false);
    const postgres = await start();
    expect(said.some((line) => line.startsWith('PostgreSQL runs as the user') && line.includes('/var/lib/thicket/'))).toBe(true);
    await postgres.stop();
    rmSync(join(postgres.directory, '..'), { recursive: true, force: true });
  }, 60_000);

  it('names THICKET_DATA where it is no folder', async () => {
    renameSync(data, `${data}.moved`);
    writeFileSync(data, 'a file');
    await expect(start()).rejects.toThrow('THICKET_DATA');
    rmSync(`${data}.moved`, { recursive: true });
  });
});
