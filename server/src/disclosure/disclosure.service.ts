/** Puts the lines together: everything that is found, each with its sentences, and by name whatever no list accounts for. */
import { Inject, Injectable } from '@nestjs/common';
import type { Day } from '#shared/ids.ts';
import type { FolderContents } from './data-folder.ts';
import { ABSENT, type Disclosure, type Line, isoDay } from './disclosure.ts';
import { DISCLOSURE_STORE, type DisclosureStore, type Engine, type Relation } from './disclosure.store.ts';
import { FILE_KINDS } from './file-kinds.ts';
import { SEQUENCES, TABLES, type TableEntry } from './inventory.ts';
import { loudSettings } from './settings.ts';

const FILES_ELSEWHERE = 'The pieces of files that people sent: they lie in the S3-compatible storage that THICKET_S3_ENDPOINT names, sealed twice, each under the day it ends with '
  + 'and a random name. Whoever runs that storage can tell how many there are, how large each is, and to the second when it came, was fetched and was deleted.';

const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(['plpgsql']);

@Injectable()
export class DisclosureService {
  private readonly store: DisclosureStore;

  constructor(@Inject(DISCLOSURE_STORE) store: DisclosureStore) {
    this.store = store;
  }

  /** @param filesElsewhere whether the settings name an S3-compatible storage for files */
  async disclose(today: Day, folder: FolderContents, filesElsewhere = false): Promise<Disclosure> {
    const relations = await this.store.relations();
    const engine = await this.store.engine();
    return {
      day: isoDay(today),
      lines: [...(await this.tableLines(relations)), ...(await this.countersLine(relations)), ...engineLines(engine), ...fileLines(folder)],
      unaccounted: [...unaccountedRelations(relations), ...unaccountedInEngine(engine), ...unaccountedFiles(folder)],
      unseen: [...unseen(engine, folder), ...(filesElsewhere ? [FILES_ELSEWHERE] : [])],
      absent: ABSENT,
    };
  }

  /** The lines that are for everybody. Counts of today's records are left out: whoever asked again and again could read times from them. */
  async openLines(today: Day): Promise<readonly Line[]> {
    const lines = await this.tableLines((await this.store.relations()).filter(({ name }) => TABLES[name]?.open === true));
    return lines.filter(({ key }) => key !== 'records-by-mailbox').map((line) => withoutDay(line, isoDay(today)));
  }

  private async tableLines(relations: readonly Relation[]): Promise<Line[]> {
    const lines: Line[] = [];
    for (const { name, columns } of tablesOfOurs(relations)) {
      const entry = TABLES[name] as TableEntry;
      const kept = Object.fromEntries(columns.map((column) => [column, entry.columns[column] ?? 'NOT ACCOUNTED FOR']));
      lines.push({ key: name, title: entry.title, ...(await this.store.count(name)), is: entry.is, isNot: entry.isNot, kept });
      if (name === 'records') lines.push(await this.spreadLine());
    }
    return lines;
  }

  private async spreadLine(): Promise<Line> {
    const breakdown = await this.store.spread();
    return {
      key: 'records-by-mailbox', title: 'Mailboxes by the number of their records', count: breakdown.rows.reduce((sum, row) => sum + Number(row.at(-1)), 0), breakdown,
      is: 'How busy the rooms are, one beside the other. The address of each mailbox could be listed with it.', isNot: 'Which room it is, or who wrote.',
    };
  }

  private async countersLine(relations: readonly Relation[]): Promise<Line[]> {
    const known = relations.filter(({ schema, name, sequence }) => sequence && schema === 'public' && SEQUENCES[name] !== undefined);
    if (known.length === 0) return [];
    const rows = await Promise.all(known.map(async ({ name }) => [SEQUENCES[name] as string, await this.store.sequence(name)] as const));
    return [{
      key: 'counters', title: 'Running numbers', count: rows.length, breakdown: { by: ['what it tells'], rows },
      is: 'Numbers that PostgreSQL counts up and never down.', isNot: 'When each was given out, or for whom.',
    }];
  }
}

const isOurs = ({ schema, name, sequence }: Relation): boolean => schema === 'public' && (sequence ? SEQUENCES : TABLES)[name] !== undefined;
/** In the order of the list. */
const tablesOfOurs = (relations: readonly Relation[]): Relation[] =>
  Object.keys(TABLES).flatMap((name) => relations.filter((relation) => !relation.sequence && relation.name === name && isOurs(relation)));

const unaccountedRelations = (relations: readonly Relation[]): string[] =>
  relations.flatMap((relation) => {
    const { schema, name, sequence, columns } = relation;
    if (!isOurs(relation)) return [`The ${sequence ? 'counter' : 'table'} ${schema}.${name} is not in the list of this version.`];
    if (sequence) return [];
    return columns.filter((column) => TABLES[name]?.columns[column] === undefined).map((column) => `The column ${name}.${column} is not in the list of this version.`);
  });

function unaccountedInEngine({ extensions, largeObjects, copies, settings }: Engine): string[] {
  return [
    ...extensions.filter((name) => !KNOWN_EXTENSIONS.has(name)).map((name) => `PostgreSQL has the extension ${name}, which may keep data of its own.`),
    ...(largeObjects > 0 ? [`PostgreSQL holds ${largeObjects} large objects, which are not Thicket's.`] : []),
    ...(copies > 0 ? ['PostgreSQL passes its data on to a copy (a replication slot or publication); what is kept there is not counted here.'] : []),
    ...loudSettings(settings),
  ];
}

const unaccountedFiles = (folder: FolderContents): string[] =>
  folder.unknown.map((path) => `The file ${path} in the data folder is of no kind this version knows.`);

const unseen = ({ journal }: Engine, folder: FolderContents): string[] => [
  ...(journal === undefined ? ['How far PostgreSQL\'s journal reaches back: the relay\'s account may not ask. It is at most the files of the folder pg_wal.'] : []),
  ...(!folder.found.has('database-files') ? ['PostgreSQL\'s own files: they belong to a server of its own, which DATABASE_URL names.'] : []),
  ...folder.closed.map((path) => `The folder ${path}: this user may not look into it.`),
  'What is beside the relay: backups, a proxy in front of it and its logs, the log of the operating system, the provider\'s own records.',
];

function engineLines({ journal, deadRows }: Engine): Line[] {
  return [
    {
      key: 'order', title: 'The order in which things were written', count: deadRows,
      is: 'PostgreSQL marks each row with the number of the transaction that wrote it, until it tidies up. So a skilled reader can tell which rows of different tables '
        + 'were written one after the other; passes and mailboxes lose their order every minute; pools, meeting places and files every night. The figure is the number of deleted rows whose remains have not been tidied away.',
      isNot: 'At what time, or for whom.',
    },
    ...(journal === undefined ? [] : [{
      key: 'journal', title: 'The journal of PostgreSQL', count: journal.files, breakdown: { by: ['bytes', 'oldest file written on'], rows: [[journal.bytes, journal.oldest, journal.files]] },
      is: 'The last changes to the tables, each with its exact time: what PostgreSQL needs after a crash. Where files are of 1 MiB it is written over a minute after something was '
        + 'written; otherwise it begins about on the day shown, and remains of older days may stand behind it.',
      isNot: 'Who asked for a change, or from which address.',
    }]),
  ];
}

const fileLines = (folder: FolderContents): Line[] =>
  FILE_KINDS.flatMap(({ key, title, is, isNot }) => {
    const so = folder.found.get(key);
    return so === undefined ? [] : [{ key, title, count: so.files, breakdown: { by: ['bytes'], rows: [[so.bytes, so.files]] }, is, isNot }];
  });

function withoutDay(line: Line, day: string): Line {
  const { breakdown, ...rest } = line;
  const { kept: _, ...open } = rest;
  if (breakdown === undefined) return open;
  const column = breakdown.by.findIndex((name) => name === 'day');
  const rows = breakdown.rows.filter((row) => column < 0 || row[column] !== day);
  return { ...open, count: rows.reduce((sum, row) => sum + Number(row.at(-1)), 0), breakdown: { ...breakdown, rows } };
}
