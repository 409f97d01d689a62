/** `thicket-relay disclose`: counts in the live database and on the disk, and prints. It changes nothing. */
import { join } from 'node:path';
import { type RelayConfig, readConfig } from '../config/config.ts';
import { openDataSource } from '../database/data-source.ts';
import { Database } from '../database/database.ts';
import { systemCalendar } from '../operations/calendar.ts';
import { urlOfRunning } from '../operations/embedded-postgres/cluster.ts';
import { startEmbeddedPostgres } from '../operations/embedded-postgres/embedded-postgres.ts';
import { existingHome } from '../operations/embedded-postgres/places.ts';
import { EXIT } from '../operations/exit-codes.ts';
import { consoleOperator } from '../operations/operator.ts';
import { StartError } from '../operations/start-error.ts';
import { contentsOf, type FolderContents } from './data-folder.ts';
import { DisclosureService } from './disclosure.service.ts';
import { DisclosureStoreTypeorm } from './disclosure.store.typeorm.ts';
import { asText } from './text.ts';

export const usage = 'disclose [--json] [--start]';
export const sentence = 'prints everything you could hand over, with what each line means';

const CONNECTIONS = 2;
const OPTIONS = new Set(['--json', '--start']);

/** @throws ConfigError, StartError */
export async function run(args: readonly string[]): Promise<number> {
  if (args.some((arg) => !OPTIONS.has(arg))) {
    consoleOperator.warn(`Usage: thicket-relay ${usage}`);
    return EXIT.usage;
  }
  const config = readConfig(process.env, process.cwd());
  const place = await findDatabase(config, args.includes('--start'));
  try {
    const disclosure = await discloseFrom(place.url, contentsOf(place.folders), config.blobs.s3 !== undefined);
    consoleOperator.say(args.includes('--json') ? JSON.stringify(disclosure, undefined, 2) : asText(disclosure));
    return 0;
  } finally {
    await place.close();
  }
}

async function discloseFrom(url: string, folder: FolderContents, filesElsewhere: boolean) {
  const source = await openDataSource(url, CONNECTIONS).catch((cause: unknown) => {
    throw new StartError('The database cannot be reached. Is the relay running?', { cause });
  });
  try {
    return await new DisclosureService(new DisclosureStoreTypeorm(new Database(source))).disclose(systemCalendar.today(), folder, filesElsewhere);
  } finally {
    await source.destroy();
  }
}

interface Place {
  readonly url: string;
  readonly folders: readonly { readonly folder: string; readonly as: string }[];
  close(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/** The data folder, and what of it the settings put elsewhere. */
function foldersOf({ dataDirectory, keysDirectory, blobs }: RelayConfig): Place['folders'] {
  const apart = [{ folder: keysDirectory, as: 'keys' }, { folder: blobs.folder, as: 'blobs' }];
  return [{ folder: dataDirectory, as: '' }, ...apart.filter(({ folder, as }) => folder !== join(dataDirectory, as))];
}

async function findDatabase(config: RelayConfig, mayStart: boolean): Promise<Place> {
  const { databaseUrl, dataDirectory } = config;
  const own = foldersOf(config);
  if (databaseUrl !== undefined) return { url: databaseUrl, folders: own, close: nothing };
  const home = existingHome(dataDirectory);
  if (home === undefined) throw new StartError(`There is no database in ${dataDirectory}, or this user may not look into it. THICKET_DATA, DATABASE_URL and the user must be the relay's own.`);
  const folders = home === join(dataDirectory, 'database') ? own : [...own, { folder: home, as: 'database' }];
  const url = urlOfRunning(home);
  if (url !== undefined) return { url, folders, close: nothing };
  if (!mayStart) {
    throw new StartError('The relay is not running, so its database cannot be asked. Start it; or add --start to start the database alone while it is counted: '
      + 'nothing expires by that, but PostgreSQL writes to its own files.');
  }
  const database = await startEmbeddedPostgres({
    dataDirectory, connections: CONNECTIONS + 5, operator: { say: () => undefined, warn: consoleOperator.warn }, settings: { default_transaction_read_only: 'on' },
  });
  return { url: database.url, folders, close: () => database.stop() };
}
