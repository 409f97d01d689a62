/** The composition root: database, services, HTTP and WebSocket, started in order and stopped in reverse. */
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { MiB } from '#shared/limits.ts';
import type { RelayConfig } from './config/config.ts';
import { Database } from './database/database.ts';
import { migrate, openDataSource } from './database/data-source.ts';
import { prepareFirstStart } from './database/first-start.ts';
import { sealOldBodies } from './database/seal-old-bodies.ts';
import { DayKeys } from './day-keys/day-keys.ts';
import { DayKeysStoreTypeorm } from './day-keys/day-keys.store.typeorm.ts';
import { DueDays } from './day-keys/due-days.ts';
import { mustBeOurFolder } from './day-keys/folder-mark.ts';
import { foundingLink } from './founding/founding-link.ts';
import { FoundingService } from './founding/founding.service.ts';
import { limitAtOnce } from './http/at-once.ts';
import { limitBodies } from './http/body-limits.ts';
import { sendRefusal } from './http/protobuf.ts';
import { endWithRefusal } from './http/raw-refusal.ts';
import { addSecurityHeaders, securityHeaders } from './http/security-headers.ts';
import { serveClient } from './http/static-client.ts';
import { takeSealedRequests } from './oblivious/messages.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './operations/embedded-postgres/embedded-postgres.ts';
import { keepJournalShort } from './operations/journal-keeper.ts';
import { type Calendar, systemCalendar } from './operations/calendar.ts';
import type { Operator } from './operations/operator.ts';
import { StartError } from './operations/start-error.ts';
import { Bodies } from './overload/bodies.ts';
import { REQUESTS } from './overload/figures.ts';
import { FrontDoor } from './overload/front-door.ts';
import { type Days, RelayModule } from './relay.module.ts';
import { HeadsFile } from './shards/heads-file.ts';
import { LayoutStoreTypeorm } from './shards/layout.store.typeorm.ts';
import { mendAfterRollback } from './shards/rollback.ts';
import { TailAdapter } from './tail/tail.adapter.ts';
import { TailDoor } from './tail/tail-door.ts';

export interface RunningRelay {
  /** http://host:port the relay listens at. */
  readonly origin: string;
  /** Undefined once the hub is founded. */
  readonly foundingLink: string | undefined;
  /** Finishes what was taken, then stops. */
  stop(): Promise<void>;
}

/** Connections beyond the pool's: notices, migration, the operator's own psql. */
const SPARE_CONNECTIONS = 10;
/** The longest parameter of a path is the host of a neighbour, with its port. */
const LONGEST_HOST = 260;
/** Milliseconds for one request at most; who is too slow is cut earlier (overload/bodies.ts). */
const REQUEST_TIMEOUT = 300_000;
/** Milliseconds between two looks for connections whose time is over. */
const TIMEOUT_CHECKS = 2_000;

/** @throws ConfigError, StartError with one line for the operator */
export async function startRelay(config: RelayConfig, operator: Operator, calendar: Calendar = systemCalendar): Promise<RunningRelay> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const url = config.databaseUrl ?? (await startDatabase(config, operator, undo)).url;
    const source = await connect(url, config);
    undo.push(() => source.destroy());
    operator.say('Bringing the tables up to date ...');
    await migrate(url);
    const database = new Database(source);
    await prepareFirstStart(database, config.shards);
    const keysStore = new DayKeysStoreTypeorm(database);
    await mustBeOurFolder(config.keysDirectory, keysStore, calendar.today());
    const due = await DueDays.open(config.keysDirectory, calendar, operator);
    const keys = await DayKeys.open(config.keysDirectory, keysStore, due, operator);
    await sealOldBodies(database, url, keys, due.today());
    await mendAfterRollback(new LayoutStoreTypeorm(database), new HeadsFile(config.keysDirectory), calendar.today(), operator);
    const journal = await keepJournalShort(database, operator);
    undo.push(() => journal.stop({ lastPass: config.databaseUrl === undefined }));
    const app = await makeApp(database, url, { keys, due }, config, operator, calendar);
    undo.push(() => app.close());
    undo.push(() => app.get(FrontDoor).drain());
    const origin = await listen(app, config);
    return { origin, foundingLink: await linkFor(app, config.publicUrl ?? origin), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDatabase(config: RelayConfig, operator: Operator, undo: (() => Promise<unknown>)[]): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({
    dataDirectory: config.dataDirectory, connections: config.databaseConnections + SPARE_CONNECTIONS, operator,
  });
  undo.push(() => embedded.stop());
  return embedded;
}

async function connect(url: string, config: RelayConfig) {
  try {
    return await openDataSource(url, config.databaseConnections);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new StartError(`The database named by DATABASE_URL cannot be reached${code}.`, { cause });
  }
}

async function makeApp(
  database: Database, url: string, days: Days, config: RelayConfig, operator: Operator, calendar: Calendar,
): Promise<NestFastifyApplication> {
  const headers = securityHeaders(config.neighbour);
  const adapter = new FastifyAdapter({
    logger: false, bodyLimit: MiB, requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: 65_000, trustProxy: false, forceCloseConnections: true,
    return503OnClosing: false,
    http: { requireHostHeader: false, maxHeaderSize: REQUESTS.headerBytes, headersTimeout: REQUESTS.headerMs, connectionsCheckingInterval: TIMEOUT_CHECKS },
    clientErrorHandler: (error, socket) => endWithRefusal(socket, new RelayRefusal(error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'malformed')),
    routerOptions: { maxParamLength: LONGEST_HOST },
    // An address the router itself cannot read.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => sendRefusal(reply.headers(headers), new RelayRefusal('unknown-path')),
  });
  const fastify = adapter.getInstance();
  const bodies = new Bodies(config.bounds.requestBytes);
  const door = new FrontDoor(config.bounds.connections, bodies);
  limitBodies(fastify, bodies);
  takeSealedRequests(fastify, bodies);
  addSecurityHeaders(fastify, headers);
  door.guard(fastify);
  limitAtOnce(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(RelayModule.on(database, url, days, config, operator, calendar, door), adapter, {
    logger: false, abortOnError: false, bodyParser: false,
  });
  app.useWebSocketAdapter(new TailAdapter(app, app.get(TailDoor)));
  if (!(await serveClient(fastify, config.webDirectory))) operator.say('The web client has not been built, so none is served; devices can connect all the same.');
  return app;
}

async function listen(app: NestFastifyApplication, config: RelayConfig): Promise<string> {
  try {
    await app.listen(config.port, config.host);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE') throw new StartError(`THICKET_PORT is ${config.port}, and another program listens there already.`, { cause });
    if (code === 'EACCES') throw new StartError(`THICKET_PORT is ${config.port}, which this user may not listen at.`, { cause });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new StartError(`THICKET_HOST is ${config.host}, which is no address of this machine.`, { cause });
    throw cause instanceof RelayRefusal ? new StartError('The database went away during the start.', { cause }) : cause;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
}

async function linkFor(app: NestFastifyApplication, origin: string): Promise<string | undefined> {
  const token = await app.get(FoundingService).newFoundingToken();
  return token && foundingLink(origin, token);
}
