/** The settings of an S3-compatible storage: all of it or none. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { originOf } from './origins.ts';

export interface S3Settings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const key = z.string().regex(/^[\x21-\x7e]{1,256}$/);
const path = z.string().min(1).max(4096).optional();

/** name: [schema, what is wrong when it does not fit] */
export const S3_VARIABLES = {
  THICKET_S3_ENDPOINT: [
    z.string().refine((text) => originOf(text) !== undefined).transform((text) => originOf(text) as string).optional(),
    'must be an http or https address without a path, such as https://s3.example.org',
  ],
  THICKET_S3_BUCKET: [z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).optional(), 'must be the name of a bucket: 3 to 63 small letters, digits, dots and hyphens'],
  THICKET_S3_REGION: [z.string().regex(/^[A-Za-z0-9_-]{1,64}$/).default('us-east-1'), 'must be the name of a region, such as us-east-1'],
  THICKET_S3_ACCESS_KEY: [key.optional(), 'must be 1 to 256 characters without spaces'],
  THICKET_S3_ACCESS_KEY_FILE: [path, 'must be the path of a file'],
  THICKET_S3_SECRET_KEY: [key.optional(), 'must be 1 to 256 characters without spaces'],
  THICKET_S3_SECRET_KEY_FILE: [path, 'must be the path of a file'],
} as const;

type Variable = keyof typeof S3_VARIABLES;
type Read = <Name extends Variable>(name: Name) => z.output<(typeof S3_VARIABLES)[Name][0]>;

/**
 * @param read one variable, parsed
 * @returns undefined where files are kept on the disk
 * @throws ConfigError naming the variable that is missing or does not fit
 */
export function readS3(read: Read, workingDirectory: string): S3Settings | undefined {
  const [endpoint, bucket, region] = [read('THICKET_S3_ENDPOINT'), read('THICKET_S3_BUCKET'), read('THICKET_S3_REGION')];
  if (endpoint === undefined) {
    if (bucket !== undefined) throw new ConfigError('THICKET_S3_ENDPOINT', 'must be set as well where THICKET_S3_BUCKET is');
    return undefined;
  }
  if (bucket === undefined) throw new ConfigError('THICKET_S3_BUCKET', 'must be set where THICKET_S3_ENDPOINT is');
  return {
    endpoint, bucket, region,
    accessKey: secretOf(read, 'THICKET_S3_ACCESS_KEY', workingDirectory), secretKey: secretOf(read, 'THICKET_S3_SECRET_KEY', workingDirectory),
  };
}

function secretOf(read: Read, name: 'THICKET_S3_ACCESS_KEY' | 'THICKET_S3_SECRET_KEY', workingDirectory: string): string {
  const [given, file] = [read(name), read(`${name}_FILE`)];
  if (given !== undefined && file !== undefined) throw new ConfigError(`${name}_FILE`, `must not be set beside ${name}`);
  if (given !== undefined) return given;
  if (file === undefined) throw new ConfigError(name, `must be set, or ${name}_FILE, where THICKET_S3_ENDPOINT is`);
  const parsed = key.safeParse(contentOf(`${name}_FILE`, resolve(workingDirectory, file)).trim());
  if (!parsed.success) throw new ConfigError(`${name}_FILE`, 'must name a file with 1 to 256 characters without spaces in it, and nothing else');
  return parsed.data;
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(name, 'must name a file that the relay may read');
  }
}
