/**
 * Relays for tests, always real: PostgreSQL, HTTP and WebSocket sockets on loopback.
 *
 * - startTestRelay(): in this process, on a fresh database and a random port. Quick.
 * - spawnRelay(): a process of its own, which can be killed with -9 and started again on the same database and port.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RelayConfig } from '#server/config/config.ts';
import type { Day } from '#shared/ids.ts';
import { type Bounds, DEFAULT_BOUNDS } from '#server/overload/figures.ts';
import { type TestDatabase, testPostgres } from './postgres.ts';

export interface TestRelay {
  /** http://127.0.0.1:port, the same after a restart. */
  readonly origin: string;
  /** The link of the latest start; undefined once founded. */
  readonly foundingLink: string | undefined;
  /** Undefined for a spawned relay on its own embedded PostgreSQL. */
  readonly database: TestDatabase | undefined;
  /** What the operator was told, one sentence each. */
  readonly lines: readonly string[];
  /** The folder of the packs. */
  readonly blobFolder: string;
  stop(): Promise<void>;
  /** Stops if needed, and starts on the same database and port. */
  restart(): Promise<void>;
}
export interface LocalRelay extends TestRelay {
  readonly database: TestDatabase;
  /** What the operator's command does. */
  changeShards(count: number): Promise<void>;
}
export interface SpawnedRelay extends TestRelay {
  readonly pid: number;
  /** Resolves when the process is gone, with its exit code if it had one. The default is SIGKILL: nothing is flushed, nobody is told. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}
export interface RelayOptions {
  /** A fresh one if not given. */
  readonly database?: TestDatabase;
  /** 1 if not given; only for a fresh database. */
  readonly shards?: number;
  /** Folder of a built web client; none is served if not given. */
  readonly webDirectory?: string;
  readonly port?: number;
  /** Folder of day keys; the database's own if not given. Not for a spawned relay on its own embedded PostgreSQL. */
  readonly keysDirectory?: string;
  readonly publicUrl?: string;
  /** Days that pass when a test says so (test-calendar.ts); for a relay in this process. */
  readonly calendar?: { today(): Day; runsWith?(keys: string): void };
  /** Bytes that all files together may have. */
  readonly blobSpace?: number;
  /** Origin of the hub that forwards for this one. */
  readonly neighbour?: string;
  /** Origins of the hubs this one forwards to. */
  readonly forwardsTo?: readonly string[];
  /** Settings other than the ones above; for a relay in this process. A test draws as much postage as it needs if not told otherwise. */
  readonly config?: Partial<RelayConfig>;
  /** Narrower than in production; for a relay in this process. */
  readonly bounds?: Partial<Bounds>;
}

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const NO_CLIENT = join(tmpdir(), 'thicket-no-client');

/** A relay in this process. Stop it when done: it keeps connections to the shared PostgreSQL. */
export async function startTestRelay(options: RelayOptions = {}): Promise<LocalRelay> {
  const database = options.database ?? (await (await testPostgres()).freshDatabase());
  const lines: string[] = [];
  // Only here: the relay's decorators keep plain Node, which runs the benchmarks, from reading its sources.
  const { startRelay } = await import('#server/relay.ts');
  const operator = { say: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  const blobFolder = mkdtempSync(join(tmpdir(), 'thicket-test-blobs-'));
  const start = (port: number) =>
    startRelay({
      port, host: '127.0.0.1', dataDirectory: tmpdir(), keysDirectory: options.keysDirectory ?? database.keys, databaseUrl: database.url, publicUrl: options.publicUrl,
      shards: options.shards ?? 1, webDirectory: options.webDirectory ?? NO_CLIENT, databaseConnections: 10,
      blobs: { folder: blobFolder, reserve: 0, space: options.blobSpace, s3: undefined },
      neighbour: options.neighbour, forwardsTo: options.forwardsTo ?? [],
      bounds: { ...DEFAULT_BOUNDS, ...options.bounds },
      postagePerWeek: 1_000_000, ticketsPerWeek: 100_000, newPassesPerWeek: 1_000_000, ...options.config,
    }, operator, options.calendar);
  options.calendar?.runsWith?.(options.keysDirectory ?? database.keys);
  let running = await start(options.port ?? 0);
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (!stopped) await running.stop();
    stopped = true;
  };
  process.once('exit', () => rmSync(blobFolder, { recursive: true, force: true }));
  return {
    origin: running.origin,
    get foundingLink() {
      return running.foundingLink;
    },
    database,
    lines,
    blobFolder,
    stop,
    changeShards: (count) => changeShards(database, count),
    restart: async () => {
      await stop();
      running = await start(Number(new URL(running.origin).port));
      stopped = false;
    },
  };
}

/** Gives the hub on this database another number of shards, whoever runs it. */
export async function changeShards(database: TestDatabase, count: number): Promise<void> {
  const [{ openDataSource }, { Database }, { LayoutStoreTypeorm }, command] = await Promise.all([
    import('#server/database/data-source.ts'), import('#server/database/database.ts'), import('#server/shards/layout.store.typeorm.ts'),
    import('#server/shards/command.ts'),
  ]);
  const source = await openDataSource(database.url, 1);
  try {
    await command.changeShards(new LayoutStoreTypeorm(new Database(source)), count);
  } finally {
    await source.destroy();
  }
}

/**
 * A relay in a process of its own, built first if the sources are newer than dist/.
 * @param options.embedded true: on an embedded PostgreSQL of its own below `dataDirectory` (a temporary folder if not given)
 * @param options.workingDirectory where the process is started; the project's root if not given
 * @param options.environment more variables for the process
 */
export async function spawnRelay(
  options: RelayOptions & { embedded?: boolean; dataDirectory?: string; workingDirectory?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<SpawnedRelay> {
  buildServer();
  const database = options.embedded ? undefined : (options.database ?? (await (await testPostgres()).freshDatabase()));
  const ownFolder = options.embedded && options.dataDirectory === undefined ? makeFolder() : undefined;
  const port = options.port ?? (await freePort());
  const blobFolder = mkdtempSync(join(tmpdir(), 'thicket-test-blobs-'));
  const environment: Record<string, string> = {
    THICKET_BLOBS: blobFolder,
    THICKET_BLOB_RESERVE: '0',
    ...(options.blobSpace === undefined ? {} : { THICKET_BLOB_SPACE: String(options.blobSpace) }),
    THICKET_PORT: String(port),
    THICKET_HOST: '127.0.0.1',
    THICKET_SHARDS: String(options.shards ?? 1),
    THICKET_WEB: options.webDirectory ?? NO_CLIENT,
    THICKET_POSTAGE_PER_WEEK: '1000000',
    THICKET_TICKETS_PER_WEEK: '100000',
    THICKET_NEW_PASSES_PER_WEEK: '1000000',
    ...(database ? { DATABASE_URL: database.url, THICKET_KEYS: options.keysDirectory ?? database.keys } : { THICKET_DATA: options.dataDirectory ?? (ownFolder as string) }),
    ...(options.publicUrl === undefined ? {} : { THICKET_PUBLIC_URL: options.publicUrl }),
    ...(options.neighbour === undefined ? {} : { THICKET_NEIGHBOUR: options.neighbour }),
    ...(options.forwardsTo === undefined ? {} : { THICKET_FORWARDS_TO: options.forwardsTo.join(',') }),
    ...options.environment,
  };
  const lines: string[] = [];
  let child = await spawnOne(environment, lines, options.workingDirectory ?? ROOT);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    child.kill(signal);
    return gone;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    get foundingLink() {
      return linkIn(lines);
    },
    get pid() {
      return child.pid as number;
    },
    database,
    lines,
    blobFolder: environment['THICKET_BLOBS'] ?? blobFolder,
    kill,
    stop: async () => {
      await kill('SIGTERM');
      rmSync(blobFolder, { recursive: true, force: true });
      if (ownFolder !== undefined) rmSync(ownFolder, { recursive: true, force: true });
    },
    restart: async () => {
      await kill('SIGTERM');
      lines.length = 0;
      child = await spawnOne(environment, lines, options.workingDirectory ?? ROOT);
    },
  };
}

/** The bearer token in a founding link. */
export const foundingTokenIn = (link: string): Uint8Array => new Uint8Array(Buffer.from(new URL(link).hash.replace('#found=', ''), 'base64url'));

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

const linkIn = (lines: readonly string[]): string | undefined => lines.map((line) => /https?:\/\/\S+#found=\S+/.exec(line)?.[0]).find((link) => link !== undefined);

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-data-'));
  spawnSync('chmod', ['755', folder]);
  return folder;
}

/** Resolves when the relay says that it is ready. */
async function spawnOne(environment: Readonly<Record<string, string>>, lines: string[], cwd: string): Promise<ChildProcess> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'dist/server/src/main.js')], { cwd, env: { PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const before = lines.length;
  await new Promise<void>((ready, failed) => {
    const read = (chunk: Buffer) => {
      lines.push(...chunk.toString('utf8').split('\n').filter((line) => line !== ''));
      if (lines.slice(before).some((line) => line.startsWith('Thicket is ready'))) ready();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the relay ended with ${code}: ${lines.join(' | ')}`)));
  });
  return child;
}

// ---------------------------------------------------------------- building dist/server for spawned relays

const STAMP = join(ROOT, 'dist/.server-built');
const BUILDING = join(ROOT, 'dist/.server-building');

/** Runs the compiler if a source is newer than the last run; test processes take turns. */
export function buildServer(): void {
  const newest = newestChange([join(ROOT, 'server/src'), join(ROOT, 'shared/src'), join(ROOT, 'tsconfig.server.json'), join(ROOT, 'tsconfig.base.json')]);
  if (isBuilt(newest)) return;
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  takeTurn();
  try {
    if (isBuilt(newest)) return;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.server.json'], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the relay does not compile:\n${stdout}${stderr}`);
    writeFileSync(STAMP, String(newest));
  } finally {
    rmSync(BUILDING, { recursive: true, force: true });
  }
}

const isBuilt = (newest: number): boolean =>
  existsSync(join(ROOT, 'dist/server/src/main.js')) && existsSync(STAMP) && Number(readFileSync(STAMP, 'utf8')) >= newest;

function newestChange(paths: readonly string[]): number {
  return Math.max(...paths.map((path) => {
    const { mtimeMs } = statSync(path);
    if (!statSync(path).isDirectory()) return mtimeMs;
    return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestChange([join(path, name)])));
  }));
}

/** A folder is made by one process alone; one that is a minute old was left behind by a killed one. */
function takeTurn(): void {
  for (;;) {
    try {
      mkdirSync(BUILDING);
      return;
    } catch {
      if (existsSync(BUILDING) && Date.now() - statSync(BUILDING).mtimeMs > 60_000) rmSync(BUILDING, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
