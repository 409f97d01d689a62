/**
 * What a killed relay leaves behind: a PostgreSQL that is still stopping, and a postmaster.pid. A live orphan is
 * stopped and waited for, backends included, because the data folder must have one master. Only then may the file be
 * unlinked, and only if it names a zombie or a stranger: a plainly dead pid is left for PostgreSQL's own checks.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { postgresProcessesIn, signal, waitUntilGone } from './processes.ts';

const PATIENCE_MS = { fast: 30_000, immediate: 10_000 } as const;

/** @throws StartError when an orphan does not stop */
export async function clearLeftovers(directory: string): Promise<void> {
  const orphans = () => postgresProcessesIn(directory);
  if (orphans().length > 0) {
    signalAll(postmasterFirst(directory, orphans()), 'SIGINT');
    if (!(await waitUntilGone(orphans, PATIENCE_MS.fast))) {
      signalAll(orphans(), 'SIGQUIT');
      if (!(await waitUntilGone(orphans, PATIENCE_MS.immediate))) {
        throw new StartError(`An earlier PostgreSQL still runs in ${directory} and does not stop; stop it by hand.`);
      }
    }
  }
  const pidFile = join(directory, 'postmaster.pid');
  const pid = pidIn(pidFile);
  // Nobody works in the folder, so a pid that the system still knows is a zombie or somebody else's.
  if (pid !== undefined && isKnown(pid)) rmSync(pidFile, { force: true });
}

/** The pid in the first line of a postmaster.pid. */
function pidIn(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** The postmaster alone is asked where it lives; it takes its backends along. */
const postmasterFirst = (directory: string, pids: readonly number[]): readonly number[] => {
  const postmaster = pidIn(join(directory, 'postmaster.pid'));
  return postmaster !== undefined && pids.includes(postmaster) ? [postmaster] : pids;
};

const signalAll = (pids: readonly number[], name: NodeJS.Signals): void => pids.forEach((pid) => signal(pid, name));

function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
