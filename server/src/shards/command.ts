/** `thicket-relay shards <n>`: gives a living hub another number of shards. */
import { type Generation, newestOf } from '#shared/generations.ts';
import { type RelayConfig, readConfig } from '../config/config.ts';
import { Database } from '../database/database.ts';
import { openDataSource } from '../database/data-source.ts';
import { urlOfRunning } from '../operations/embedded-postgres/cluster.ts';
import { existingHome } from '../operations/embedded-postgres/places.ts';
import { EXIT } from '../operations/exit-codes.ts';
import { consoleOperator } from '../operations/operator.ts';
import { StartError } from '../operations/start-error.ts';
import { HeadsFile } from './heads-file.ts';
import type { LayoutStore } from './layout.store.ts';
import { LayoutStoreTypeorm } from './layout.store.typeorm.ts';
import { type Heads, afterChange } from './next-generation.ts';

export const usage = 'shards [n]';
export const sentence = 'gives the hub n shards (1, 2, 4 ... 256) while it runs; without n says how many it has';

const COUNTS = new Set(Array.from({ length: 9 }, (_, power) => String(2 ** power)));

/** @throws ConfigError, StartError */
export async function run(args: readonly string[]): Promise<number> {
  const [wanted, ...more] = args;
  if (more.length > 0 || (wanted !== undefined && !COUNTS.has(wanted))) {
    consoleOperator.warn(`Usage: thicket-relay ${usage}`);
    return EXIT.usage;
  }
  const config = readConfig(process.env, process.cwd());
  const source = await openDataSource(databaseUrl(config), 2).catch((cause: unknown) => {
    throw new StartError('The database cannot be reached. Is the relay running?', { cause });
  });
  try {
    const store = new LayoutStoreTypeorm(new Database(source));
    if (wanted === undefined) consoleOperator.say(`This hub has ${shards(newestOf(await store.generations()).count)}.`);
    else consoleOperator.say(await change(store, Number(wanted), (await new HeadsFile(config.keysDirectory).read()) ?? new Map()));
    return 0;
  } finally {
    await source.destroy();
  }
}

async function change(store: LayoutStore, count: number, filed: Heads): Promise<string> {
  const before = await store.generations();
  const after = await changeShards(store, count, filed);
  if (after.length === before.length) return `This hub has ${shards(count)} already.`;
  return `This hub has ${shards(count)} now, and had ${newestOf(before).count}. What is in the old ones stays there; devices follow by themselves.`;
}

/** @param filed numbers known to have been handed out @throws StartError, RelayRefusal */
export function changeShards(store: LayoutStore, count: number, filed: Heads = new Map()): Promise<readonly Generation[]> {
  return store.change(async (now) => {
    if (now.filter(({ closed }) => !closed).length === count) return undefined;
    const wanted = afterChange(count, now, filed);
    if (wanted === undefined) throw new StartError('The number of shards was changed too often: there are no numbers left for new ones.');
    return wanted;
  });
}

const shards = (count: number): string => (count === 1 ? '1 shard' : `${count} shards`);

function databaseUrl({ databaseUrl: url, dataDirectory }: RelayConfig): string {
  if (url !== undefined) return url;
  const home = existingHome(dataDirectory);
  const running = home && urlOfRunning(home);
  if (running === undefined) throw new StartError(`No relay is running on ${dataDirectory}. THICKET_DATA or DATABASE_URL must be the relay's own.`);
  return running;
}
