/** The posting service as the relay wires it, without HTTP before it: its whole module, built, in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from '#shared/sodium.ts';
import { DEFAULT_BOUNDS } from '#server/overload/figures.ts';
import type { TestDatabase } from '../../harness/postgres.ts';
import type { ReadyPost } from './posts.ts';

export interface Service {
  /** Checked, paid for and on disk. */
  post(post: ReadyPost): Promise<unknown>;
  /** The same with a token nobody verifies and nobody remembers. */
  postUnpaid(post: ReadyPost): Promise<unknown>;
  stop(): Promise<void>;
}

/** The part of the built relay that is used: its decorators keep plain Node from reading the sources. */
const built = async <Module>(path: string): Promise<Module> => (await import(new URL(`../../../dist/server/src/${path}.js`, import.meta.url).href)) as Module;

export async function postingService(database: TestDatabase): Promise<Service> {
  await import('reflect-metadata');
  const { NestFactory } = await import('@nestjs/core');
  const [{ RelayModule }, { openDataSource }, { Database }, { DayKeys }, { DayKeysStoreTypeorm }, { DueDays }, { systemCalendar }, { FrontDoor }, { Bodies }, { PostingService }, { PostageService }] = await Promise.all([
    built<typeof import('#server/relay.module.ts')>('relay.module'),
    built<typeof import('#server/database/data-source.ts')>('database/data-source'),
    built<typeof import('#server/database/database.ts')>('database/database'),
    built<typeof import('#server/day-keys/day-keys.ts')>('day-keys/day-keys'),
    built<typeof import('#server/day-keys/day-keys.store.typeorm.ts')>('day-keys/day-keys.store.typeorm'),
    built<typeof import('#server/day-keys/due-days.ts')>('day-keys/due-days'),
    built<typeof import('#server/operations/calendar.ts')>('operations/calendar'),
    built<typeof import('#server/overload/front-door.ts')>('overload/front-door'),
    built<typeof import('#server/overload/bodies.ts')>('overload/bodies'),
    built<typeof import('#server/posting/posting.service.ts')>('posting/posting.service'),
    built<typeof import('#server/postage/postage.service.ts')>('postage/postage.service'),
  ]);
  const operator = { say: () => undefined, warn: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'thicket-bench-blobs-'));
  const source = await openDataSource(database.url, 10);
  const tables = new Database(source);
  const config = {
    port: 0, host: '127.0.0.1', dataDirectory: folder, keysDirectory: database.keys, databaseUrl: database.url, publicUrl: undefined, shards: 1,
    webDirectory: folder, databaseConnections: 10, postagePerWeek: 1, ticketsPerWeek: 1, newPassesPerWeek: 1, blobs: { folder, reserve: 0, space: undefined, s3: undefined },
    neighbour: undefined, forwardsTo: [], bounds: DEFAULT_BOUNDS,
  };
  const due = await DueDays.open(database.keys, systemCalendar, operator);
  const keys = await DayKeys.open(database.keys, new DayKeysStoreTypeorm(tables), systemCalendar, operator);
  const door = new FrontDoor(DEFAULT_BOUNDS.connections, new Bodies(DEFAULT_BOUNDS.requestBytes));
  const app = await NestFactory.createApplicationContext(RelayModule.on(tables, database.url, { keys, due }, config, operator, systemCalendar, door), { logger: false, abortOnError: false });
  const posting = app.get(PostingService, { strict: false });
  const postage = app.get(PostageService, { strict: false });
  const verifyShown = postage.verifyShown.bind(postage);
  let isPaid = true;
  postage.verifyShown = async (shown) => (isPaid ? verifyShown(shown) : []);
  return {
    post: (post) => {
      isPaid = true;
      return posting.post(post);
    },
    postUnpaid: (post) => {
      isPaid = false;
      return posting.post({ ...post, postage: randomBytes(post.postage.length).fill(0, 0, 4) });
    },
    stop: async () => {
      await app.close();
      await source.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
