/** Small files beside the day keys: read whole, written whole or not at all, and dated to the day, so that they tell no time. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../operations/start-error.ts';

const DAY_SECONDS = 86_400;

/** @returns undefined where there is none. @throws the system's error when that cannot be told */
export async function readSmallFile(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** On the disk for good when this resolves. @param folder made where there is none @param today days since 1970 @throws the system's error */
export async function writeSmallFile(folder: string, name: string, text: string, today: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Two containers may both be process 1.
  const draft = join(folder, `${name}.${randomBytes(8).toString('hex')}.new`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await utimes(draft, today * DAY_SECONDS, today * DAY_SECONDS);
  await rename(draft, join(folder, name));
}

/** For whoever cannot go on without the folder of keys. */
export const unusable = (folder: string, cause: unknown): StartError =>
  new StartError(`THICKET_KEYS names ${folder}, which cannot be made or written.`, { cause });
