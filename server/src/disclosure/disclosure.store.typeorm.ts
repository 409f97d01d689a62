import { Inject, Injectable } from '@nestjs/common';
import { Database, type Sql } from '../database/database.ts';
import { NONE_YET } from '../postage/tokens.ts';
import { type Breakdown, isoDay } from './disclosure.ts';
import type { DisclosureStore, Engine, Relation } from './disclosure.store.ts';
import { SETTINGS_WITNESSED } from './settings.ts';

/** First day of a week (shared/src/ids.ts, firstDayOf). */
const WEEK = 'week * 7 - 3';

/** Which properties a table is counted by: name of the property, then its expression. A table that is not here is counted whole. */
const COUNTED_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hub: { founded: `CASE WHEN hub IS NULL THEN 'no' ELSE 'yes' END` },
  shards: { shard: 'shard', 'newest number': 'head', 'begins at': 'base' },
  mailboxes: { slot: 'slot' },
  records: { day: 'day', kind: kindOf('kind'), bytes: 'size' },
  bodies: { 'ends on': 'expires' },
  day_keys: { 'ends on': 'expires' },
  draws: { 'week from': WEEK, kind: `CASE kind WHEN 1 THEN 'postage' WHEN 2 THEN 'tickets' ELSE 'other' END`, drawn: 'drawn' },
  spent_tokens: { 'week from': WEEK },
  spent_tickets: { 'week from': WEEK },
  new_passes: { 'week from': WEEK, made: 'made' },
  pools: { 'last filled on': 'day', 'last-resort package': `CASE WHEN last_resort IS NULL THEN 'no' ELSE 'yes' END` },
  key_packages: { day: 'day' },
  blobs: { day: 'day', bytes: 'size' },
  rendezvous: {
    day: 'day', claimed: `CASE WHEN claim IS NULL THEN 'no' ELSE 'yes' END`, answered: `CASE WHEN answer IS NULL THEN 'no' ELSE 'yes' END`,
    'refused claims': 'refused_claims',
  },
};
const DAYS: ReadonlySet<string> = new Set(['day', 'last filled on', 'ends on', 'week from']);

@Injectable()
export class DisclosureStoreTypeorm implements DisclosureStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async relations(): Promise<readonly Relation[]> {
    const rows = await this.database.query<{ schema: string; name: string; sequence: boolean; columns: string[] }>(`
      SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'S' AS sequence,
        CASE WHEN c.relkind = 'S' THEN '{}' ELSE ARRAY(
          SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        ) END AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      ORDER BY 1, 2`);
    return rows;
  }

  async count(table: string): Promise<{ count: number; breakdown?: Breakdown }> {
    const by = COUNTED_BY[table];
    if (by === undefined) {
      const [row] = await this.database.query<{ count: string }>(`SELECT count(*) AS count FROM ${quoted(table)}`);
      return { count: Number(row?.count ?? 0) };
    }
    const names = Object.keys(by);
    const rows = await this.database.query<Record<string, string | number>>(`
      SELECT ${names.map((name) => `${by[name]} AS ${quoted(name)}`).join(', ')}, count(*) AS count
      FROM ${quoted(table)} GROUP BY ${names.map((_, index) => index + 1).join(', ')} ORDER BY ${names.map((_, index) => index + 1).join(', ')}`);
    const cells = rows.map((row) => [...names.map((name) => cell(name, row[name])), Number(row['count'])]);
    return { count: cells.reduce((sum, row) => sum + Number(row.at(-1)), 0), breakdown: { by: names, rows: cells } };
  }

  async spread(): Promise<Breakdown> {
    const rows = await this.database.query<{ records: string; mailboxes: string }>(
      'SELECT records, count(*) AS mailboxes FROM (SELECT count(*) AS records FROM records GROUP BY mailbox) AS each GROUP BY 1 ORDER BY 1');
    return { by: ['records in it'], rows: rows.map(({ records, mailboxes }) => [Number(records), Number(mailboxes)]) };
  }

  async sequence(name: string): Promise<number> {
    const [row] = await this.database.query<{ last: string }>(`SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM ${quoted(name)}`);
    return Number(row?.last ?? 0);
  }

  async engine(): Promise<Engine> {
    const settings = await this.database.query<{ name: string; setting: string }>('SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY 1', [SETTINGS_WITNESSED]);
    const extensions = await this.database.query<{ name: string }>('SELECT extname AS name FROM pg_extension ORDER BY 1');
    return {
      journal: await this.journal(),
      settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
      extensions: extensions.map(({ name }) => name),
      largeObjects: await one(this.database, 'SELECT count(*) AS n FROM pg_largeobject_metadata'),
      copies: await one(this.database, 'SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_publication) AS n'),
      deadRows: await one(this.database, 'SELECT coalesce(sum(n_dead_tup), 0) AS n FROM pg_stat_user_tables'),
    };
  }

  private async journal(): Promise<Engine['journal']> {
    const [may] = await this.database.query<{ may: boolean }>(`SELECT has_function_privilege('pg_ls_waldir()', 'EXECUTE') AS may`);
    if (may?.may !== true) return undefined;
    const [row] = await this.database.query<{ files: string; bytes: string; oldest: string }>(
      `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes, coalesce(to_char(min(modification) AT TIME ZONE 'UTC', 'YYYY-MM-DD'), '') AS oldest FROM pg_ls_waldir()`);
    return row && { files: Number(row.files), bytes: Number(row.bytes), oldest: row.oldest };
  }
}

const one = async (sql: Sql, text: string): Promise<number> => Number((await sql.query<{ n: string }>(text))[0]?.n ?? 0);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function cell(name: string, value: string | number | undefined): string | number {
  if (DAYS.has(name)) return isoDay(Number(value));
  if (name === 'drawn' && value === NONE_YET) return 'none yet: a new pass';
  return typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : (value ?? '');
}

function kindOf(column: string): string {
  return `CASE ${column} WHEN 1 THEN 'post' WHEN 2 THEN 'commit' WHEN 3 THEN 'drop' WHEN 4 THEN 'notice' ELSE 'other' END`;
}
