import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BOUNDS } from '../overload/figures.ts';
import { ConfigError, VARIABLE_NAMES, readConfig, unknownVariables } from './config.ts';

const problemWith = (environment: Record<string, string>): string => {
  try {
    readConfig(environment, '/hub');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
};

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({ THICKET_PORT: '' }, '/hub')).toEqual({
      port: 8080, host: '127.0.0.1', dataDirectory: '/hub/.thicket', keysDirectory: '/hub/.thicket/keys', databaseUrl: undefined, publicUrl: undefined, shards: 1,
      webDirectory: '/hub/dist/web', databaseConnections: 10, neighbour: undefined, forwardsTo: [],
      postagePerWeek: 3000, ticketsPerWeek: 50, newPassesPerWeek: 500,
      blobs: { folder: '/hub/.thicket/blobs', reserve: 2 ** 30, space: undefined, s3: undefined },
      bounds: DEFAULT_BOUNDS,
    });
  });

  it('names the variable that is wrong, in one line, without repeating its value', () => {
    const wrong: Record<string, string[]> = {
      THICKET_PORT: ['http', '-1', '65536', '80 80', '8080.5'],
      THICKET_HOST: ['two words', 'http://x'],
      DATABASE_URL: ['mysql://root:hunter2@db/x', 'hunter2'],
      THICKET_PUBLIC_URL: ['hub.example.org', 'https://hub.example.org/path', 'ftp://hub', 'https://user@hub.example.org'],
      THICKET_SHARDS: ['3', '0', '512', 'many'],
      THICKET_DATABASE_CONNECTIONS: ['1', 'x'],
      THICKET_POSTAGE_PER_WEEK: ['0', '-5', 'plenty'],
      THICKET_TICKETS_PER_WEEK: ['x', '100001'],
      THICKET_NEW_PASSES_PER_WEEK: ['1.5'],
      THICKET_BLOB_SPACE: ['much', '-1', '20GB', '1.5G'],
      THICKET_BLOB_RESERVE: ['K', '1 G'],
      THICKET_S3_ENDPOINT: ['s3.example.org', 'https://s3.example.org/bucket', 'https://key:hunter2@s3.example.org'],
      THICKET_S3_BUCKET: ['B', 'two words', 'a/b'],
      THICKET_S3_REGION: ['far away'],
      THICKET_NEIGHBOUR: ['hub.example.net', 'http://hub.example.net', 'https://hub.example.net/path'],
      THICKET_FORWARDS_TO: ['https://hub.example.org,', 'https://hub.example.org,http://hub.example.net', '*', 'https://*.example.org'],
      THICKET_CONNECTIONS: ['0', '100000'],
      THICKET_TAILS_OF_A_PASS: ['0', 'all'],
      THICKET_TAIL_SOCKETS: ['0', 'all'],
      THICKET_REQUEST_MEMORY: ['15', '1 GiB'],
      THICKET_TAIL_MEMORY: ['-16'],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const problem = problemWith({ [name]: value });
        expect(problem.startsWith(`${name} must `), `${name}=${value}: ${problem}`).toBe(true);
        expect(problem).not.toContain('\n');
        expect(problem).not.toContain('hunter2');
      }
    }
  });

  it('reads sizes with their units, and puts blobs where it is told', () => {
    const { blobs } = readConfig({ THICKET_BLOBS: 'files', THICKET_BLOB_SPACE: '20G', THICKET_BLOB_RESERVE: '0' }, '/hub');
    expect(blobs).toEqual({ folder: '/hub/files', reserve: 0, space: 20 * 2 ** 30, s3: undefined });
  });

  it('takes a whole S3-compatible storage or none, its keys from files too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'thicket-config-'));
    writeFileSync(join(folder, 'access'), 'AK\n');
    writeFileSync(join(folder, 'secret'), 'hunter2\n');
    const place = { THICKET_S3_ENDPOINT: 'https://s3.example.org/', THICKET_S3_BUCKET: 'hub-files' };
    const keys = { THICKET_S3_ACCESS_KEY: 'AK', THICKET_S3_SECRET_KEY: 'hunter2' };
    const s3 = { endpoint: 'https://s3.example.org', bucket: 'hub-files', region: 'us-east-1', accessKey: 'AK', secretKey: 'hunter2' };
    expect(readConfig({ ...place, ...keys }, '/hub').blobs.s3).toEqual(s3);
    expect(readConfig({ ...place, THICKET_S3_ACCESS_KEY_FILE: 'access', THICKET_S3_SECRET_KEY_FILE: 'secret' }, folder).blobs.s3).toEqual(s3);

    expect(problemWith({ THICKET_S3_BUCKET: 'hub-files' })).toMatch(/^THICKET_S3_ENDPOINT must be set/);
    expect(problemWith({ ...keys, THICKET_S3_ENDPOINT: 'https://s3.example.org' })).toMatch(/^THICKET_S3_BUCKET must be set/);
    expect(problemWith(place)).toMatch(/^THICKET_S3_ACCESS_KEY must be set/);
    expect(problemWith({ ...place, ...keys, THICKET_S3_SECRET_KEY: 'hunter2 ' })).toBe('THICKET_S3_SECRET_KEY must be 1 to 256 characters without spaces');
    expect(problemWith({ ...place, THICKET_S3_ACCESS_KEY: 'AK' })).toMatch(/^THICKET_S3_SECRET_KEY must be set/);
    expect(problemWith({ ...place, ...keys, THICKET_S3_SECRET_KEY_FILE: join(folder, 'secret') })).toMatch(/^THICKET_S3_SECRET_KEY_FILE must not be set beside/);
    expect(problemWith({ ...place, ...keys, THICKET_S3_SECRET_KEY: '', THICKET_S3_SECRET_KEY_FILE: join(folder, 'nowhere') })).toMatch(/^THICKET_S3_SECRET_KEY_FILE must name a file/);
  });

  it('does not overlook a misspelt variable', () => {
    expect(unknownVariables({ THICKET_PROT: '80', THICKET_PORT: '80', THICKET_PASSPHRASE: 'of the command line' })).toEqual(['THICKET_PROT']);
  });

  it('is documented, every variable of it', () => {
    const text = readFileSync(new URL('../../../docs/operating/configuration.md', import.meta.url), 'utf8');
    for (const name of VARIABLE_NAMES) expect(text).toContain(`\`${name}\``);
  });
});
