/**
 * The default database: a real PostgreSQL in the data folder, started with the relay, started again when it dies, and
 * stopped with the relay however that ends.
 */
import { mkdirSync, rmSync } from 'node:fs';
import pg from 'pg';
import type { Operator } from '../operator.ts';
import { StartError } from '../start-error.ts';
import { accountForPostgres } from './account.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, openCluster, urlOf } from './cluster.ts';
import { lockDirectory } from './directory-lock.ts';
import { clearLeftovers } from './leftovers.ts';
import { choosePlaces } from './places.ts';
import { type Postmaster, startPostmaster } from './postmaster.ts';

export interface EmbeddedPostgres {
  /** postgresql:// URL through the private Unix socket; holds the password. */
  readonly url: string;
  /** PostgreSQL's own data folder. */
  readonly directory: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDirectory: string;
  readonly connections: number;
  readonly operator: Operator;
  /** PostgreSQL settings that tests change. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Crash recovery of a large log takes its time. */
const READY_MS = 300_000;
const RESTART_PAUSES_MS = [100, 500, 2_000, 5_000];

/** @throws StartError with one line for the operator */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { operator } = options;
  makeDataDirectory(options.dataDirectory);
  const lock = lockDirectory(options.dataDirectory);
  try {
    const account = accountForPostgres();
    const places = choosePlaces({ dataDirectory: options.dataDirectory, binaries: findBinaries(), account, say: operator.say });
    const cluster = await openCluster(places, account, operator.say);
    const launch = async (): Promise<Postmaster> => {
      await clearLeftovers(cluster.directory);
      return startPostmaster({ binaries: places.binaries, cluster, account, connections: options.connections, overrides: options.settings ?? {} });
    };
    operator.say('Starting the database ...');
    const first = await launchUntilReady(launch, cluster);
    const keeper = keepRunning(first, launch, operator);
    return {
      url: urlOf(cluster),
      directory: cluster.directory,
      stop: async () => {
        await keeper.stop();
        if (cluster.socketDirectory !== places.home) rmSync(cluster.socketDirectory, { recursive: true, force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function makeDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new StartError(`THICKET_DATA names ${path}, which cannot be made or written.`, { cause });
  }
}

/** Backends that outlive a killed postmaster for a moment keep the next one from starting: it is tried again. */
async function launchUntilReady(launch: () => Promise<Postmaster>, cluster: Cluster): Promise<Postmaster> {
  let words = '';
  for (const pause of [...RESTART_PAUSES_MS, 0]) {
    const postmaster = await launch();
    const outcome = await Promise.race([postmaster.ended.then((said) => ({ said })), becomesReady(cluster, postmaster)]);
    if (outcome === 'ready') return postmaster;
    await postmaster.stop();
    if (outcome === 'late') throw new StartError('PostgreSQL did not become ready.');
    words = outcome.said;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new StartError(`PostgreSQL does not start: ${words}`);
}

async function becomesReady(cluster: Cluster, postmaster: Postmaster): Promise<'ready' | 'late'> {
  let ended = false;
  void postmaster.ended.then(() => {
    ended = true;
  });
  const end = Date.now() + READY_MS;
  while (Date.now() < end && !ended) {
    if (await answers(cluster)) return 'ready';
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return 'late';
}

async function answers(cluster: Cluster): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(cluster), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Starts PostgreSQL again whenever it ends without having been asked to. */
function keepRunning(first: Postmaster, launch: () => Promise<Postmaster>, operator: Operator): { stop(): Promise<void> } {
  let current = first;
  let stopping = false;
  const watch = async (): Promise<void> => {
    for (let failures = 0; ; failures += 1) {
      const startedAt = Date.now();
      await current.ended;
      if (stopping) return;
      if (Date.now() - startedAt > 60_000) failures = 0;
      operator.warn('The database stopped by itself and is being started again.');
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSES_MS[Math.min(failures, RESTART_PAUSES_MS.length - 1)]));
      if (stopping) return;
      try {
        current = await launch();
      } catch {
        operator.warn('The database could not be started; trying again.');
      }
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      stopping = true;
      await current.stop();
      await watching;
      await current.stop();
    },
  };
}
