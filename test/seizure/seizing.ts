/** The seizure itself: everything on the machine is taken, everything is tried, and the finds are written into a table. */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { urlOfRunning } from '#server/operations/embedded-postgres/cluster.ts';
import { existingHome } from '#server/operations/embedded-postgres/places.ts';
import { postgresProcessesIn } from '#server/operations/embedded-postgres/processes.ts';
import { DAY_MS } from '#shared/ids.ts';
import type { Stage } from './fortnight.ts';
import { guessesFrom, luck } from './guessing.ts';
import { exactly, needle, type Needle } from './needles.ts';
import { bytesPlace, filesIn, memoryOf, openFilesOf, type Place, textPlace } from './places.ts';
import { type Finds, sweep } from './sweep.ts';
import type { Row } from './table.ts';
import { commitsIn, type Span } from './times.ts';
import { type Message, type Truth } from './truth.ts';
import { type Dump, dumpOf, keysIn, open } from './unsealing.ts';

/** A post ends with the day it came, the days it is kept, and one. */
const DAYS_KEPT = 15;

const FILES = ['database files', 'journal', 'day keys', 'files people sent', 'other files', 'temporary files', 'log'] as const;
const DISK = ['database dump', ...FILES, 'opened with the keys found', 'earlier backup'] as const;
const MEMORY = ['memory of the relay', 'memory of PostgreSQL'] as const;

export interface Backup {
  readonly dump: Dump;
  readonly folder: string;
}

const homeOf = ({ folder }: Stage): string => existingHome(folder) as string;

export async function asking<Result>(stage: Stage, work: (query: <Row extends object>(text: string) => Promise<Row[]>) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: urlOfRunning(homeOf(stage)) as string });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(async <Row extends object>(text: string) => (await client.query<Row>(text)).rows);
  } finally {
    await client.end();
  }
}

/** A backup as the handbook makes it, and a copy of the database's files besides: without the keys. */
export async function backUp(stage: Stage, into: string): Promise<Backup> {
  const dump = await asking(stage, dumpOf);
  copyOfLiving(homeOf(stage), into);
  return { dump, folder: into };
}

/** A database that runs takes files away while they are copied; then the copy begins again. */
function copyOfLiving(home: string, into: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      return cpSync(home, into, { recursive: true, filter: (path) => !/\.s\.PGSQL|postmaster\.pid/.test(path) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 10) throw error;
      rmSync(into, { recursive: true, force: true });
    }
  }
}

export interface Seizure {
  readonly rows: readonly Row[];
  readonly details: readonly string[];
}

/** @param clocks whether every byte is searched for times of day too, which takes the longest */
export async function seize(stage: Stage, backup: Backup | undefined, clocks: boolean): Promise<Seizure> {
  const { truth } = stage;
  const seizedAt = Date.now();
  const dump = await asking(stage, dumpOf);
  const guesses = await asking(stage, (query) => guessesFrom(query, truth));
  const dated = await datedIn(stage);
  const keys = keysIn(join(stage.folder, 'keys'));
  const opened = openAll(dump, keys, 'opened with the keys found');
  const pieces = openPieces(stage, dump, keys);
  const places = [...placesOf(stage, dump), ...opened.places, ...pieces, ...(backup === undefined ? [] : backupPlaces(backup, keys))];
  const finds = sweep(places, needlesFor(truth, expiredIn(stage)), clocks ? spansOf(stage, seizedAt) : []);
  const rows: Row[] = [
    ...soughtRows(truth, finds, expiredIn(stage)),
    ...timeRows(stage, finds, dated, seizedAt),
    ...guesses.map((guess): Row => ({
      sought: guess.what, where: 'order of rows', found: luck(guess) < 0.01 ? guess.right : 0, of: guess.made,
      means: `${guess.right} guesses right where chance gives ${(guess.chance * guess.made).toFixed(1)}`, promise: 'open',
    })),
    { sought: 'records whose outer layer opens', where: 'day keys', found: opened.count, of: dump.bodies.length, means: 'kept records lie open to their inner layer, to which only devices have keys', promise: 'counts' },
    { sought: 'pieces of files whose outer layer opens', where: 'day keys', found: pieces.length, of: dump.pieces.length, means: 'the same, for files', promise: 'counts' },
    strangeFiles(stage),
  ];
  return { rows, details: finds.details };
}

function placesOf(stage: Stage, dump: Dump): Place[] {
  const sort = (path: string): (typeof FILES)[number] =>
    /(^|\/)pg_wal\//.test(path) ? 'journal' : path.startsWith('keys/') ? 'day keys' : path.startsWith('blobs/') ? 'files people sent' : /(^|\/)cluster\//.test(path) ? 'database files' : 'other files';
  const home = homeOf(stage);
  return [
    textPlace('database dump', 'all tables', dump.text),
    ...filesIn(stage.folder, sort),
    ...(home.startsWith(stage.folder) ? [] : filesIn(home, sort)),
    ...filesIn(stage.temporary, () => 'temporary files'),
    textPlace('log', 'standard output and error', stage.relay.lines.join('\n')),
    ...memoryOf(stage.relay.pid, 'memory of the relay', { shared: true }),
    ...postgresProcessesIn(join(home, 'cluster')).flatMap((pid, index) => memoryOf(pid, 'memory of PostgreSQL', { shared: index === 0 })),
  ];
}

function openAll(dump: Dump, keys: ReturnType<typeof keysIn>, where: string): { places: Place[]; count: number } {
  const places = dump.bodies.flatMap(({ seq, sealed, context }) => {
    const plain = open(keys, sealed, context);
    return plain === undefined ? [] : [bytesPlace(where, `record ${seq}`, plain)];
  });
  return { places, count: places.length };
}

function openPieces(stage: Stage, { pieces }: Dump, keys: ReturnType<typeof keysIn>): Place[] {
  const packs = new Map(filesIn(join(stage.folder, 'blobs'), (path) => path).map(({ what }) => [basename(what, '.pack'), join(stage.folder, 'blobs', what)]));
  return pieces.flatMap(({ pack, position, length, context }) => {
    const path = packs.get(pack);
    const plain = path && open(keys, readFileSync(path).subarray(position, position + length), context);
    return plain === undefined || plain === '' ? [] : [bytesPlace('opened with the keys found', `piece in ${pack}`, plain)];
  });
}

const backupPlaces = ({ dump, folder }: Backup, keys: ReturnType<typeof keysIn>): Place[] => [
  textPlace('earlier backup', 'all tables', dump.text),
  ...filesIn(folder, () => 'earlier backup'),
  ...openAll(dump, keys, 'earlier backup').places,
];

function expiredIn({ truth, calendar }: Stage): Message[] {
  const today = Math.round((calendar.now() - Date.now()) / DAY_MS);
  return truth.messages.filter(({ day }) => day + DAYS_KEPT <= today);
}

/** Four pieces of a body: whichever way it is cut by pages, one of them is whole. */
const piecesOf = (body: Uint8Array): Uint8Array[] => [64, 320, 576, 832].map((from) => body.subarray(from, from + 24));

function needlesFor(truth: Truth, expired: readonly Message[]): Needle[] {
  return [
    ...truth.messages.map(({ canary }) => needle('word of a message', canary, canary)),
    ...truth.members.map(({ name }) => needle('name', name, name)),
    needle('name', truth.hubName, truth.hubName),
    ...truth.rooms.map(({ name }) => needle('name', name, name)),
    ...truth.members.map(({ name, memberKey }) => needle('key of a member', name, Buffer.from(memberKey as string, 'hex'))),
    ...truth.members.flatMap(({ name, leafKeys }) => [...leafKeys].map((key) => needle('key of a device', `${name} ${key.slice(0, 8)}`, Buffer.from(key, 'hex')))),
    ...truth.members.flatMap(({ name, passSecret }) => (passSecret === undefined ? [] : [needle('secret of a pass', name, passSecret)])),
    ...truth.members.map(({ address }) => needle('address', address, address)),
    ...truth.members.map(({ address }) => exactly('address', `${address} as a socket's`, Buffer.from([127, 0, 1, Number(address.split('.')[3])]))).map(withSocketPrefix),
    ...expired.flatMap(({ body, seq }) => piecesOf(body).map((piece) => exactly('body of an expired record', `record ${seq}`, piece))),
    ...truth.messages.filter((message) => !expired.includes(message)).flatMap(({ body, seq }) => piecesOf(body).map((piece) => exactly('body of a kept record', `record ${seq}`, piece))),
  ];
}

/** struct sockaddr_in: family 2, port, address, eight zeros. The port is not known, so what follows the address must do. */
const withSocketPrefix = (each: Needle): Needle => ({ ...each, forms: each.forms.map((form) => Buffer.concat([form, Buffer.alloc(8)])) });

function spansOf({ truth, calendar }: Stage, seizedAt: number): Span[] {
  const shift = Math.round((calendar.now() - Date.now()) / DAY_MS);
  return Array.from({ length: shift + 1 }, (_, days) => ({ from: truth.began + days * DAY_MS, to: seizedAt + days * DAY_MS }));
}

function soughtRows(truth: Truth, finds: Finds, expired: readonly Message[]): Row[] {
  const leaves = truth.members.reduce((sum, { leafKeys }) => sum + leafKeys.size, 0);
  const sorts = [
    ['word of a message', truth.messages.length, 'nobody but the members can read it'],
    ['name', truth.members.length + truth.rooms.length + 1, 'of people, rooms and the hub: the server never has one'],
    ['key of a member', truth.members.length, 'the server never sees one'],
    ['key of a device', leaves, 'the server never sees one'],
    ['secret of a pass', truth.members.length, 'the database has its hash; requests that read carry it'],
    ['address', truth.members.length * 2, 'the kernel knew it; the relay never asks'],
    ['body of an expired record', expired.length, 'its key is destroyed with its day'],
    ['body of a kept record', truth.messages.length - expired.length, 'at rest it lies sealed under the key of its day'],
  ] as const;
  return sorts.flatMap(([sort, of, means]) => [
    ...groups(sort).map(([where, places, promise]): Row => ({ sought: sort, where, found: Math.max(...places.map((place) => finds.distinct(sort, place))), of, means, promise })),
  ]);
}

/** Where a sort is looked for, and what is promised there. */
function groups(sort: string): [string, readonly string[], Row['promise']][] {
  const disk = DISK.filter((place) => place !== 'opened with the keys found');
  if (sort === 'body of a kept record') {
    return [['on the disk', disk, 'nothing'], ['opened with the keys found', ['opened with the keys found'], 'counts'], ['in memory', MEMORY, 'counts']];
  }
  if (sort === 'body of an expired record') return [['on the disk and in a backup', DISK, 'nothing'], ['in memory', MEMORY, 'open']];
  return [['on the disk', DISK, 'nothing'], ['in memory', MEMORY, sort === 'secret of a pass' ? 'open' : 'nothing']];
}

/** A database that runs takes segments of its journal away. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Numbers of the posts that the journal gives their time to the second. */
export async function datedIn(stage: Stage): Promise<number[]> {
  const xids = await asking(stage, (query) => query<{ seq: string; xid: string }>('SELECT seq, xmin::text AS xid FROM records WHERE kind = 1'));
  const journal = join(homeOf(stage), 'cluster', 'pg_wal');
  const segments = readdirSync(journal).filter((name) => /^[0-9A-F]{24}$/.test(name)).map((name) => join(journal, name));
  const commits = new Map(segments.flatMap((path) => commitsIn(readIfThere(path))).map(({ xid, at }) => [xid, at]));
  return xids.map(({ seq, xid }) => ({ seq: Number(seq), at: commits.get(Number(xid)) }))
    .filter(({ seq, at }) => at !== undefined && stage.truth.messages.some((sent) => sent.seq === seq && Math.abs(at - sent.at) < CLOSE))
    .map(({ seq }) => seq);
}
/** Milliseconds: on a busy machine the acknowledgement comes that much after the commit. */
const CLOSE = 20_000;

/** How many posts can be given their time to the second, and by what. */
function timeRows(stage: Stage, finds: Finds, dated: readonly number[], seizedAt: number): Row[] {
  const { truth } = stage;
  const inSpan = (ms: number) => ms >= truth.began && ms <= seizedAt;
  const files = [...filesIn(stage.folder, (path) => path)].filter(({ stats }) => stats !== undefined && (inSpan(stats.mtimeMs) || inSpan(stats.ctimeMs)));
  const ours = files.filter(({ what }) => !what.includes('cluster/'));
  const elsewhere = DISK.filter((where) => where !== 'journal' && where !== 'earlier backup').reduce((sum, where) => sum + finds.times(where).length, 0);
  return [
    { sought: 'time of a post', where: 'journal, at once', found: dated.length, of: truth.messages.length, means: 'PostgreSQL writes the time of each commit into its journal; about a minute of it is there', promise: 'open' },
    { sought: 'times of day', where: 'on the disk, without the journal', found: elsewhere, means: 'PostgreSQL notes when it last read a table, made a checkpoint, started; none belongs to a record', promise: 'open' },
    { sought: 'dates of files', where: 'PostgreSQL\'s files', found: files.length - ours.length, means: 'when each file of a table was last written to', promise: 'open' },
    { sought: 'dates of files', where: 'the relay\'s own files', found: ours.length, means: `when a key or pack was made: ${ours.map(({ what }) => what.split('/')[0]).filter((name, index, all) => all.indexOf(name) === index).join(', ')}`, promise: 'open' },
    { sought: 'times of day', where: 'in memory', found: MEMORY.reduce((sum, where) => sum + finds.times(where).length, 0), means: 'clocks of running processes, and of replies just sent', promise: 'open' },
  ];
}

function strangeFiles(stage: Stage): Row {
  const known = [stage.folder, stage.temporary, homeOf(stage)];
  const strange = openFilesOf(stage.relay.pid).filter((path) => !known.some((folder) => path.startsWith(folder)) && !/thicket-test-clock|\/node_modules\//.test(path));
  return { sought: 'files elsewhere', where: 'open in the relay', found: strange.length, means: strange.length === 0 ? 'the relay writes nowhere else' : strange.join(' '), promise: 'nothing' };
}
