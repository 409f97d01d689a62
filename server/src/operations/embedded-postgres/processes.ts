/** What the system says about other processes. Linux answers from /proc, other systems through `ps`. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** True for a running process; a zombie is dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !isZombie(pid);
}

/** Something that differs between two processes that had the same pid one after the other. */
export function startMark(pid: number): string | undefined {
  if (process.platform === 'linux') return statFields(pid)?.[19];
  const started = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return started.status === 0 ? started.stdout.trim() : undefined;
}

/** Pids of the PostgreSQL processes, postmaster or backend, that work in this data folder. */
export function postgresProcessesIn(directory: string): number[] {
  const real = realPath(directory);
  return process.platform === 'linux'
    ? readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(Number).filter((pid) => workingDirectory(pid) === real && isAlive(pid))
    : fromPs(real);
}

/** Resolves true once none of them is alive, false when the time (milliseconds) is over. */
export async function waitUntilGone(pids: () => readonly number[], milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (pids().some(isAlive)) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, or never was ours.
  }
}

const isZombie = (pid: number): boolean => {
  if (process.platform === 'linux') return ['Z', 'X'].includes(statFields(pid)?.[0] ?? '');
  return spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.startsWith('Z');
};

/** Fields of /proc/pid/stat from the third on (state first): the second is the name and may hold spaces. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** Without /proc only the postmaster can be told by its arguments. */
function fromPs(directory: string): number[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes('postgres') && line.includes(`-D ${directory}`))
    .map((line) => Number.parseInt(line.trim(), 10))
    .filter((pid) => pid !== process.pid && Number.isInteger(pid));
}
