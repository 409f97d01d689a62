/** What an operator can hand over, from a live hub; and that nothing is ever left out in silence. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { buildServer, spawnRelay, startTestRelay, type TestRelay } from '../../../test/harness/relay.ts';
import { WireHub, random } from '../../../test/harness/wire.ts';
import { Database } from '../database/database.ts';
import { openDataSource } from '../database/data-source.ts';
import { contentsOf } from './data-folder.ts';
import { type Disclosure, type Line, isoDay } from './disclosure.ts';
import { DisclosureService } from './disclosure.service.ts';
import { DisclosureStoreTypeorm } from './disclosure.store.typeorm.ts';

const NO_FILES = contentsOf([]);
const rowsOf = (lines: readonly Line[], key: string) => lines.find((line) => line.key === key)?.breakdown?.rows;
const countOf = (lines: readonly Line[], key: string) => lines.find((line) => line.key === key)?.count;

const command = (environment: Record<string, string>, ...args: string[]) => {
  buildServer();
  return spawnSync(resolve(import.meta.dirname, '../../../bin/thicket-relay'), ['disclose', ...args], { env: { PATH: process.env['PATH'] ?? '', ...environment }, encoding: 'utf8', timeout: 120_000 });
};

describe('what the database shows', () => {
  const calendar = testCalendar();
  let relay: TestRelay & { readonly database: TestDatabase };
  let service: DisclosureService;
  const ends: (() => Promise<unknown>)[] = [];
  const disclose = (): Promise<Disclosure> => service.disclose(calendar.today(), NO_FILES);

  beforeAll(async () => {
    relay = await startTestRelay({ calendar });
    ends.push(() => relay.stop());
    const source = await openDataSource(relay.database.url, 2);
    ends.push(() => source.destroy());
    service = new DisclosureService(new DisclosureStoreTypeorm(new Database(source)));
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    await mailbox.post(random(1024));
    await mailbox.post(random(1024));
    calendar.pass(1);
    await mailbox.post(random(4096));
    await mailbox.commit();
  }, 180_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('is counted by day, kind and size, and nothing is unaccounted for', async () => {
    const { lines, unaccounted, day } = await disclose();
    const [first, second] = [isoDay(calendar.today() - 1), isoDay(calendar.today())];
    expect(unaccounted).toEqual([]);
    expect(day).toBe(second);
    expect(rowsOf(lines, 'records')).toEqual([[first, 'post', 1024, 2], [second, 'commit', 16384, 1], [second, 'post', 4096, 1]]);
    expect(rowsOf(lines, 'records-by-mailbox')).toEqual([[4, 1]]);
    expect(countOf(lines, 'passes')).toBe(1);
    expect(rowsOf(lines, 'mailboxes')).toEqual([[0, 1], [1, 1]]);
    for (const line of lines) expect([line.title, line.is, line.isNot].every((text) => text.length > 3), line.key).toBe(true);
  });

  it('says that files lie elsewhere where they do', async () => {
    expect((await disclose()).unseen.join('\n')).not.toContain('S3-compatible');
    expect((await service.disclose(calendar.today(), NO_FILES, true)).unseen.join('\n')).toMatch(/The pieces of files that people sent: they lie in the S3-compatible storage/);
  });

  it('shows no value of any column: no address, hash, key or body', async () => {
    const text = JSON.stringify(await disclose());
    expect(text).not.toMatch(/[0-9a-f]{16}|\\\\x[0-9a-f]/i);
  });

  it('names a column, a table, a counter and an extension of which this version knows nothing', async () => {
    await relay.database.query('ALTER TABLE passes ADD COLUMN last_seen timestamptz');
    await relay.database.query('CREATE TABLE visitors (address inet, number serial)');
    await relay.database.query('CREATE SCHEMA elsewhere');
    await relay.database.query('CREATE VIEW elsewhere.members AS SELECT 1 AS member');
    await relay.database.query('CREATE PUBLICATION everything FOR ALL TABLES');
    try {
      expect((await disclose()).unaccounted).toEqual([
        'The table elsewhere.members is not in the list of this version.',
        'The column passes.last_seen is not in the list of this version.',
        'The table public.visitors is not in the list of this version.',
        'The counter public.visitors_number_seq is not in the list of this version.',
        'PostgreSQL passes its data on to a copy (a replication slot or publication); what is kept there is not counted here.',
      ]);
    } finally {
      await relay.database.query('DROP PUBLICATION everything');
      await relay.database.query('DROP SCHEMA elsewhere CASCADE');
      await relay.database.query('DROP TABLE visitors');
      await relay.database.query('ALTER TABLE passes DROP COLUMN last_seen');
    }
  });

  it('is the same through DATABASE_URL, where the database\'s own files are out of sight', () => {
    const { status, stdout } = command({ DATABASE_URL: relay.database.url, THICKET_DATA: '/nowhere' }, '--json');
    expect(status).toBe(0);
    const { lines, unseen } = JSON.parse(stdout) as Disclosure;
    expect(countOf(lines, 'records')).toBe(4);
    expect(unseen[0]).toContain('PostgreSQL\'s own files');
  }, 60_000);

  describe('to everybody', () => {
    const ask = async () => {
      const reply = await fetch(`${relay.origin}/v1/transparency`);
      return { reply, text: await reply.text() };
    };

    it('is the same counts, but for the day that is not over', async () => {
      const { reply, text } = await ask();
      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-type')).toContain('application/json');
      expect(reply.headers.get('cache-control')).toBe('public, max-age=86400');
      const report = JSON.parse(text) as Disclosure;
      expect(report.day).toBe(isoDay(calendar.today()));
      expect(rowsOf(report.lines, 'records')).toEqual([[isoDay(calendar.today() - 1), 'post', 1024, 2]]);
      expect(countOf(report.lines, 'passes')).toBe(1);
      expect(report.lines.map(({ key }) => key)).not.toContain('records-by-mailbox');
      expect(text).not.toMatch(/[0-9a-f]{16}/i);
    });

    it('does not change within a day, whatever happens and whichever process answers; the next day it does', async () => {
      const before = await ask();
      await relay.database.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [random(16), random(32)]);
      await relay.restart();
      expect((await ask()).text).toBe(before.text);
      calendar.pass(1);
      const report = JSON.parse((await ask()).text) as Disclosure;
      expect(countOf(report.lines, 'passes')).toBe(2);
      expect(countOf(report.lines, 'records')).toBe(4);
    });
  });
});

describe('what lies in the data folder', () => {
  it('is counted by kind, and a file of no kind is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'thicket-disclosed-'));
    for (const path of ['database/cluster/base/5', 'database/cluster/pg_wal']) mkdirSync(join(folder, path), { recursive: true });
    for (const path of ['database/password', 'database/cluster/base/5/16384', 'database/cluster/base/5/16384_fsm', 'database/cluster/pg_wal/000000010000000000000001', 'database/cluster/base/5/core.99', 'access.log']) {
      writeFileSync(join(folder, path), 'xxx');
    }
    const { found, unknown, closed } = contentsOf([{ folder, as: '' }]);
    rmSync(folder, { recursive: true });
    expect(Object.fromEntries(found)).toEqual({ password: { files: 1, bytes: 3 }, 'database-files': { files: 2, bytes: 6 }, 'journal-files': { files: 1, bytes: 3 } });
    expect([...unknown].sort()).toEqual(['access.log', 'database/cluster/base/5/core.99']);
    expect(closed).toEqual([]);
  });
});

describe('thicket-relay disclose', () => {
  it('prints it from a running relay with its own database, and accounts for every file there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'thicket-disclosed-'));
    spawnSync('chmod', ['755', folder]);
    const relay = await spawnRelay({ embedded: true, dataDirectory: folder });
    const hub = await WireHub.found(relay);
    await (await hub.openMailbox()).post();
    const json = command({ THICKET_DATA: folder }, '--json');
    const disclosure = JSON.parse(json.stdout) as Disclosure;
    expect(disclosure.unaccounted).toEqual([]);
    expect(countOf(disclosure.lines, 'passes')).toBe(1);
    expect(countOf(disclosure.lines, 'database-files')).toBeGreaterThan(100);
    expect(countOf(disclosure.lines, 'journal')).toBeGreaterThan(0);
    expect(command({ THICKET_DATA: folder }).stdout).toContain('Everything that was found is accounted for above.');
    await relay.stop();
    expect(command({ THICKET_DATA: folder })).toMatchObject({ status: 69, stdout: '', stderr: expect.stringContaining('--start') as string });
    expect(command({ THICKET_DATA: folder }, '--start', '--json')).toMatchObject({ status: 0, stdout: expect.stringContaining('"key": "passes"') as string });
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it('says in one line what is wrong', () => {
    expect(command({}, '--everything')).toMatchObject({ status: 64, stderr: 'Usage: thicket-relay disclose [--json] [--start]\n' });
    expect(command({ THICKET_DATA: '/nowhere' })).toMatchObject({ status: 69, stderr: expect.stringMatching(/^There is no database in \/nowhere.*\n$/) as string });
    expect(command({ DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' })).toMatchObject({ status: 69, stderr: 'The database cannot be reached. Is the relay running?\n' });
  }, 60_000);
});
