/**
 * One Thicket to a data folder. The lock is a file that names its holder by pid and start time, so a holder that was
 * killed, or whose pid now belongs to somebody else, does not lock anybody out.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { isAlive, startMark } from './processes.ts';

export interface DirectoryLock {
  release(): void;
}

/** @throws StartError when another running Thicket uses the folder */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'thicket.lock');
  const mine = JSON.stringify({ pid: process.pid, started: startMark(process.pid), hold: HELD.size + 1 });
  for (let tries = 0; tries < 5; tries += 1) {
    if (create(path, mine)) {
      HELD.add(path);
      return {
        release: () => {
          HELD.delete(path);
          rmSync(path, { force: true });
        },
      };
    }
    const holder = read(path);
    if (holder !== undefined && isHeld(path, holder)) break;
    if (holder !== undefined) setAside(path, holder);
  }
  throw new StartError(`Another Thicket is using the folder ${directory}; stop it first, or set THICKET_DATA to another folder.`);
}

/** Folders this very process holds: start time and pid cannot tell those from a lock left behind by itself. */
const HELD = new Set<string>();

/** Whole or not at all: the content is written elsewhere and linked into place. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isHeld(path: string, content: string): boolean {
  try {
    const { pid, started } = JSON.parse(content) as { pid: number; started?: string };
    if (pid === process.pid && started === startMark(pid)) return HELD.has(path);
    return isAlive(pid) && (started === undefined || started === startMark(pid));
  } catch {
    return false;
  }
}

/** Two starters may both see the same dead lock: whoever moved away a newer one puts it back. */
function setAside(path: string, dead: string): void {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== dead) linkSync(aside, path);
  } catch {
    // The other starter was faster; the next try sees what it left.
  } finally {
    rmSync(aside, { force: true });
  }
}
