/** OpenStack Swift from Debian's packages: a server that hubs could really keep their files in. Too large for every run of the tests. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '#server/config/s3.ts';
import { portOf } from './s3-server.ts';

/** Debian's own; another one that comes first on the path has not got the package. */
const PYTHON = '/usr/bin/python3';
const USER = 'hub:files';
const KEY = 'a-key-for-tests';

/** Installs it where that is possible. @returns false where there is none */
export function swiftIsThere(): boolean {
  const there = () => spawnSync(PYTHON, ['-c', 'import swift.proxy.server']).status === 0;
  if (there()) return true;
  if (process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-q'], { env });
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'python3-swift'], { env });
  return there();
}

/** A fresh one on loopback, without a bucket. */
export async function startSwift(): Promise<{ readonly settings: S3Settings; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-swift-'));
  const child = spawn(PYTHON, [join(import.meta.dirname, 'swift-process.py'), folder, USER, KEY], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  const endpoint = `http://127.0.0.1:${await portOf(child)}`;
  return { settings: { endpoint, bucket: 'hub-files', region: 'us-east-1', accessKey: USER, secretKey: KEY }, stop };
}
