/**
 * Where the embedded PostgreSQL keeps its programs and its data. Started by root it runs as another account, which may
 * not reach a project below a private folder such as /root; then both move to a place it can reach, and the operator is told.
 */
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { type Account, reaches } from './account.ts';
import { type Binaries, copyBinaries } from './binaries.ts';

export interface Places {
  readonly binaries: Binaries;
  /** Folder of the cluster, its socket and its password; owned by the account PostgreSQL runs as. */
  readonly home: string;
}

/** Places that outlast a restart come first; the temporary folder serves programs only, never data. */
const SHARED_FOLDERS = ['/var/lib/thicket', '/srv/thicket'];

/**
 * @param dataDirectory what the operator asked for, made if needed
 * @throws StartError where no place fits
 */
export function choosePlaces(options: {
  dataDirectory: string; binaries: Binaries; account: Account | undefined; say: (sentence: string) => void;
}): Places {
  const { dataDirectory, account, say } = options;
  return { binaries: reachableBinaries(options.binaries, account), home: reachableHome(dataDirectory, account, say) };
}

function reachableBinaries(binaries: Binaries, account: Account | undefined): Binaries {
  const usable = (found: Binaries) => reaches(account, ['-r', '-x'], found.postgres) && reaches(account, ['-r', '-x'], join(found.root, 'share'));
  if (usable(binaries)) return binaries;
  for (const parent of [...SHARED_FOLDERS, join(tmpdir(), `thicket-${process.getuid?.() ?? 0}`)]) {
    if (makeFolder(parent, 0o755) && reaches(account, ['-x'], parent)) {
      const copy = copyBinaries(binaries, parent);
      if (usable(copy)) return copy;
    }
  }
  throw new StartError(`The user ${account?.name ?? 'running Thicket'} cannot reach the PostgreSQL programs in ${binaries.root}.`);
}

function reachableHome(dataDirectory: string, account: Account | undefined, say: (sentence: string) => void): string {
  const wanted = join(dataDirectory, 'database');
  if (usableHome(wanted, account)) return wanted;
  const elsewhere = standIns(dataDirectory).find(
    ({ parent, home }) => account !== undefined && makeFolder(parent, 0o755) && usableHome(home, account),
  );
  if (elsewhere === undefined) throw new StartError(`The data folder ${dataDirectory} cannot be used${account ? ` by the user ${account.name}` : ''}; set THICKET_DATA to one that can.`);
  say(`PostgreSQL runs as the user ${account?.name}, who cannot reach ${dataDirectory}; its data is in ${elsewhere.home}.`);
  return elsewhere.home;
}

function standIns(dataDirectory: string): { parent: string; home: string }[] {
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
  return SHARED_FOLDERS.map((parent) => ({ parent, home: join(parent, `data-${name}`) }));
}

/** The folder in which the cluster of a data folder lies; undefined where none was made yet. */
export const existingHome = (dataDirectory: string): string | undefined =>
  [join(dataDirectory, 'database'), ...standIns(dataDirectory).map(({ home }) => home)].find((folder) => existsSync(join(folder, 'cluster')));

/** Makes the folder private to the account, and asks whether it can really use it. */
function usableHome(home: string, account: Account | undefined): boolean {
  if (!makeFolder(home, 0o700)) return false;
  if (account !== undefined) chownSync(home, account.uid, account.gid);
  return reaches(account, ['-r', '-w', '-x'], home);
}

function makeFolder(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { recursive: true, mode });
    return true;
  } catch {
    return false;
  }
}
