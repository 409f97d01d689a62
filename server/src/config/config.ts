/**
 * Everything an operator can set, read once at the start. Each variable is described in
 * docs/operating/configuration.md, and a test holds the two together.
 */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { MiB } from '#shared/limits.ts';
import { type Bounds, DEFAULT_BOUNDS } from '../overload/figures.ts';
import { ConfigError } from './config-error.ts';
import { originOf } from './origins.ts';
import { S3_VARIABLES, type S3Settings, readS3 } from './s3.ts';

export { ConfigError };

export interface RelayConfig {
  /** TCP port; 0 lets the system choose one. */
  readonly port: number;
  readonly host: string;
  /** Absolute path of the folder that holds the embedded database. */
  readonly dataDirectory: string;
  /** Absolute path of the folder of day keys. */
  readonly keysDirectory: string;
  /** Where the database is; undefined starts the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** Origin that people reach the hub at, without a slash at the end; undefined means http://host:port. */
  readonly publicUrl: string | undefined;
  /** Number of shards, used only when the database is first made. */
  readonly shards: number;
  /** Absolute path of the built web client; a folder without index.html serves none. */
  readonly webDirectory: string;
  /** Largest number of connections to the database. */
  readonly databaseConnections: number;
  /** Tokens a pass may draw in a week. */
  readonly postagePerWeek: number;
  /** Tickets a pass may draw in a week. */
  readonly ticketsPerWeek: number;
  /** Passes that tickets may make in a week, in the whole hub. */
  readonly newPassesPerWeek: number;
  readonly blobs: BlobSettings;
  /** Origin of the hub that forwards sealed posts for this one; the web client may speak to it. */
  readonly neighbour: string | undefined;
  /** Origins of the hubs this one forwards sealed posts to. */
  readonly forwardsTo: readonly string[];
  /** How large a machine the relay may fill. */
  readonly bounds: Bounds;
}

/** Where the bytes of files lie, and how many. */
export interface BlobSettings {
  /** Absolute path of the folder of the packs. */
  readonly folder: string;
  /** Bytes of the disk that are left free. */
  readonly reserve: number;
  /** Bytes that all files together may have; undefined: as many as the storage takes. */
  readonly space: number | undefined;
  /** Where the bytes lie instead of in the folder. */
  readonly s3: S3Settings | undefined;
}

const number = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest);

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** A number of bytes, with K, M, G or T for 1024, its square and so on. */
const bytes = z
  .string()
  .regex(/^[0-9]{1,9}[KMGT]?$/)
  .transform((text) => Number.parseInt(text, 10) * (UNITS[text.replace(/^[0-9]+/, '')] as number));

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** As originOf, but without TLS only on this machine: what goes there is sealed, who sends it is not. */
const neighbourOf = (text: string): string | undefined => {
  const origin = originOf(text.trim());
  return origin !== undefined && (origin.startsWith('https:') || LOOPBACK.test(new URL(origin).hostname)) ? origin : undefined;
};
const neighboursIn = (text: string): (string | undefined)[] => text.split(',').map(neighbourOf);

const isDatabaseUrl = (text: string): boolean =>
  URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);

/** name: [schema, what is wrong when it does not fit] */
const VARIABLES = {
  THICKET_PORT: [number(0, 65_535).default(8080), 'must be a port number from 0 to 65535'],
  THICKET_HOST: [
    z.string().regex(/^[A-Za-z0-9.:_-]+$/).default('127.0.0.1'),
    'must be an address of this machine, such as 127.0.0.1',
  ],
  THICKET_DATA: [z.string().min(1).max(4096).default('.thicket'), 'must be the path of a folder'],
  THICKET_KEYS: [z.string().min(1).max(4096).optional(), 'must be the path of a folder'],
  DATABASE_URL: [
    z.string().refine(isDatabaseUrl).optional(),
    'must look like postgresql://user:password@host:5432/database',
  ],
  THICKET_PUBLIC_URL: [
    z.string().refine((text) => originOf(text) !== undefined).transform((text) => originOf(text) as string).optional(),
    'must be an http or https address without a path, such as https://hub.example.org',
  ],
  THICKET_SHARDS: [number(1, 256).refine(isPowerOfTwo).default(1), 'must be 1, 2, 4, 8, 16, 32, 64, 128 or 256'],
  THICKET_WEB: [z.string().min(1).max(4096).default('dist/web'), 'must be the path of the folder with the built web client'],
  THICKET_POSTAGE_PER_WEEK: [number(1, 1_000_000).default(3000), 'must be a number from 1 to 1000000'],
  THICKET_TICKETS_PER_WEEK: [number(0, 100_000).default(50), 'must be a number from 0 to 100000'],
  THICKET_NEW_PASSES_PER_WEEK: [number(0, 1_000_000).default(500), 'must be a number from 0 to 1000000'],
  THICKET_BLOBS: [z.string().min(1).max(4096).optional(), 'must be the path of a folder'],
  THICKET_BLOB_SPACE: [bytes.optional(), 'must be a number of bytes, such as 20G'],
  THICKET_BLOB_RESERVE: [bytes.prefault('1G'), 'must be a number of bytes, such as 1G'],
  ...S3_VARIABLES,
  THICKET_DATABASE_CONNECTIONS: [number(4, 500).default(10), 'must be a number from 4 to 500'],
  THICKET_NEIGHBOUR: [
    z.string().refine((text) => neighbourOf(text) !== undefined).transform((text) => neighbourOf(text) as string).optional(),
    'must be the https address of another hub, such as https://hub.example.net',
  ],
  THICKET_FORWARDS_TO: [
    z.string().refine((text) => !neighboursIn(text).includes(undefined)).transform((text) => neighboursIn(text) as string[]).default([]),
    'must be https addresses of other hubs with commas between, such as https://hub.example.org,https://hub.example.net',
  ],
  THICKET_CONNECTIONS: [number(64, 65_535).default(DEFAULT_BOUNDS.connections), 'must be a number from 64 to 65535'],
  THICKET_TAILS_OF_A_PASS: [number(1, 500_000).default(DEFAULT_BOUNDS.tailsOfAPass), 'must be a number from 1 to 500000'],
  THICKET_TAIL_SOCKETS: [number(16, 500_000).default(DEFAULT_BOUNDS.tailSockets), 'must be a number from 16 to 500000'],
  THICKET_REQUEST_MEMORY: [number(16, 65_536).default(DEFAULT_BOUNDS.requestBytes / MiB), 'must be a number of MiB from 16 to 65536'],
  THICKET_TAIL_MEMORY: [number(16, 65_536).default(DEFAULT_BOUNDS.tailBytes / MiB), 'must be a number of MiB from 16 to 65536'],
} as const;

export const VARIABLE_NAMES = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];

/**
 * @param environment usually process.env; an empty value counts as not set
 * @throws ConfigError naming the first variable that does not fit
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, workingDirectory: string): RelayConfig {
  const read = <Name extends keyof typeof VARIABLES>(name: Name): z.output<(typeof VARIABLES)[Name][0]> => {
    const [schema, problem] = VARIABLES[name];
    const text = environment[name];
    const parsed = schema.safeParse(text === '' ? undefined : text);
    if (!parsed.success) throw new ConfigError(name, problem);
    return parsed.data as z.output<(typeof VARIABLES)[Name][0]>;
  };
  const dataDirectory = resolve(workingDirectory, read('THICKET_DATA'));
  return {
    port: read('THICKET_PORT'),
    host: read('THICKET_HOST'),
    dataDirectory,
    keysDirectory: resolve(workingDirectory, read('THICKET_KEYS') ?? join(dataDirectory, 'keys')),
    databaseUrl: read('DATABASE_URL'),
    publicUrl: read('THICKET_PUBLIC_URL'),
    shards: read('THICKET_SHARDS'),
    webDirectory: resolve(workingDirectory, read('THICKET_WEB')),
    databaseConnections: read('THICKET_DATABASE_CONNECTIONS'),
    postagePerWeek: read('THICKET_POSTAGE_PER_WEEK'),
    ticketsPerWeek: read('THICKET_TICKETS_PER_WEEK'),
    newPassesPerWeek: read('THICKET_NEW_PASSES_PER_WEEK'),
    blobs: {
      folder: resolve(workingDirectory, read('THICKET_BLOBS') ?? join(dataDirectory, 'blobs')),
      reserve: read('THICKET_BLOB_RESERVE'),
      space: read('THICKET_BLOB_SPACE'),
      s3: readS3(read, workingDirectory),
    },
    neighbour: read('THICKET_NEIGHBOUR'),
    forwardsTo: read('THICKET_FORWARDS_TO'),
    bounds: {
      connections: read('THICKET_CONNECTIONS'),
      tailsOfAPass: read('THICKET_TAILS_OF_A_PASS'),
      tailSockets: read('THICKET_TAIL_SOCKETS'),
      requestBytes: read('THICKET_REQUEST_MEMORY') * MiB,
      tailBytes: read('THICKET_TAIL_MEMORY') * MiB,
    },
  };
}

/** Variables that look like settings of ours and are none: usually misspelt. */
export const unknownVariables = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(environment).filter((name) => name.startsWith('THICKET_') && !(name in VARIABLES) && !ELSEWHERE.test(name));

/** Settings of the command line, the tests and the build, which may stand in the same environment. */
const ELSEWHERE = /^THICKET_(PASSPHRASE|HOME|RELAY|SEED|CHROMIUM|CHECK_.*|TEST_.*|BUILD_.*)$/;
