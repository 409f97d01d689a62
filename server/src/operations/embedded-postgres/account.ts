/**
 * Whom PostgreSQL runs as. It refuses to run as root, so root drops to `postgres`, else `nobody`; everybody else runs
 * it as themselves. What that account can reach is asked of the system by trying, not by reading permission bits.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StartError } from '../start-error.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** @returns undefined when PostgreSQL can run as whoever runs the relay. @throws StartError for a root without either account */
export function accountForPostgres(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (account === undefined) throw new StartError('PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody user.');
  return account;
}

/** Can this account use the path? `test` is a test of sh: -x for a program or folder, -w for writing. */
export function reaches(account: Account | undefined, tests: readonly ('-r' | '-w' | '-x')[], path: string): boolean {
  return tests.every((test) => {
    const { status } = spawnSync('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', test, path], { ...asAccount(account), stdio: 'ignore', cwd: '/' });
    return status === 0;
  });
}

/** Options for spawn. */
export const asAccount = (account: Account | undefined): { uid?: number; gid?: number } =>
  account === undefined ? {} : { uid: account.uid, gid: account.gid };

function lookUp(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { name, uid: Number(uid), gid: Number(gid) };
}
