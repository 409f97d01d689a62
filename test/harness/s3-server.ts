/** An S3-compatible server on loopback, with a bucket: @20minutes/s3rver, which checks signatures and keeps objects as files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '#server/config/s3.ts';

export interface S3Server {
  readonly settings: S3Settings;
  /** Names of everything the bucket holds, in order. */
  keys(): readonly string[];
  stop(): void;
}

const BUCKET = 'hub-files';
/** The only account it has. */
const KEYS = { accessKey: 'S3RVER', secretKey: 'S3RVER' };
const OBJECT = '._S3rver_object';

export async function s3Server(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-s3-'));
  const script = join(import.meta.dirname, 's3-server-process.mjs');
  const child = spawn(process.execPath, ['--openssl-legacy-provider', script, folder, BUCKET], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  return {
    settings: { endpoint: `http://127.0.0.1:${await portOf(child)}`, bucket: BUCKET, region: 'us-east-1', ...KEYS },
    keys: () => readdirSync(join(folder, BUCKET), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(OBJECT)).map((name) => name.slice(0, -OBJECT.length)).sort(),
    stop: () => {
      process.off('exit', stop);
      stop();
    },
  };
}

/** The first line it prints. */
export const portOf = (child: ChildProcess): Promise<number> =>
  new Promise((ready, failed) => {
    child.stdout?.once('data', (line: Buffer) => ready(Number(line.toString('utf8'))));
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the S3 server ended with ${code}`)));
  });
