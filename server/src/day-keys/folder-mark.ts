/**
 * Whether THICKET_KEYS is the folder that this database was used with. A disk that was not mounted must not look like keys
 * and heads that are lost: without this the relay would begin with new keys, and tell every device that it was set back.
 *
 * The folder's file `mark` is made one way from a secret of the database that never changes, so it says which database it
 * belongs to, also to older copies of that database, and nothing else.
 */
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveKey, sodiumReady } from '#shared/sodium.ts';
import { ConfigError } from '../config/config-error.ts';
import type { FolderMarkStore } from './day-keys.store.ts';
import { readSmallFile, unusable, writeSmallFile } from './small-file.ts';

const MARK = 'mark';
/** The operator's word that the next start may take the folder as it is. */
const ACCEPTED = 'accepted';
const MARK_BYTES = 16;
/** What is only true of the database that a folder belonged to before (shards/heads-file.ts). */
const OF_ONE_DATABASE = 'heads';

/** Marks the folder at the first start. @throws ConfigError where it is another one, StartError where it cannot be used, RelayRefusal while the database is away */
export async function mustBeOurFolder(path: string, store: FolderMarkStore, today: number): Promise<void> {
  await sodiumReady();
  const own = Buffer.from(deriveKey(await store.seed(), 'thicket keys folder', new Uint8Array(0), MARK_BYTES)).toString('hex');
  // Asked before the file is looked at: another process on this folder writes the file first.
  const hasMarked = await store.hasMarked();
  const found = (await readSmallFile(path, MARK).catch((cause: unknown) => cannotBeRead(path, cause)))?.trim();
  if (found !== own) {
    const isFirst = found === undefined && !hasMarked;
    if (!isFirst && !(await isAccepted(path))) throw new ConfigError('THICKET_KEYS', problem(path, found !== undefined));
    if (found !== undefined) await remove(path, OF_ONE_DATABASE);
    await writeSmallFile(path, MARK, `${own}\n`, today).catch((cause: unknown) => cannotBeRead(path, cause));
  }
  await remove(path, ACCEPTED);
  if (!hasMarked) await store.setMarked();
}

/** Lets the next start take the folder as it is. @throws the system's error */
export async function acceptFolder(path: string, today: number): Promise<void> {
  await writeSmallFile(path, ACCEPTED, '', today);
}

const problem = (path: string, isMarked: boolean): string =>
  `names ${path}, which ${isMarked ? 'belongs to another database' : 'is not the folder this database was used with'}. Is its disk or volume there, and are `
  + 'THICKET_DATA and DATABASE_URL right? If the keys are lost for good, run `thicket-relay accept-keys` and start again.';

const isAccepted = async (path: string): Promise<boolean> => (await readSmallFile(path, ACCEPTED)) !== undefined;

function cannotBeRead(path: string, cause: unknown): never {
  throw unusable(path, cause);
}

async function remove(path: string, name: string): Promise<void> {
  await unlink(join(path, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
