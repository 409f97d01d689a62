/**
 * The folder of day keys: 32 random bytes a file, named after the day they end with and a one-way check of themselves.
 * It lies outside the database and its backups, and several relay processes may share it: no file is ever written over,
 * so two that make a key for the same day at once leave two good keys.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, readdir, rename, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayRefusal } from '#shared/errors.ts';
import { DAY_MS } from '#shared/ids.ts';
import { deriveKey } from '#shared/sodium.ts';
import { unusable } from './small-file.ts';

const KEY_BYTES = 32;
/** What the name of a key's file and everything it sealed carry of it. */
export const KEY_ID_BYTES = 8;

export interface KeyName {
  /** The first day, since 1970, on which the key must be gone. */
  readonly expires: number;
  /** KEY_ID_BYTES bytes in hexadecimal. */
  readonly id: string;
}

/** Tells nothing about the key but which one it is. */
const idOf = (key: Uint8Array, expires: number): string =>
  Buffer.from(deriveKey(key, 'thicket day key', new TextEncoder().encode(String(expires)), KEY_ID_BYTES)).toString('hex');

const NAME = /^(\d{1,9})-([0-9a-f]{16})\.key$/;
/** Also drafts that a crash left behind. */
const ANY_NAME = /^(\d{1,9})-/;

export class KeyFolder {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder where there is none; only the relay's own user may look inside. @throws StartError */
  static async at(path: string): Promise<KeyFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      await chmod(path, 0o700);
      await readdir(path);
    } catch (cause) {
      throw unusable(path, cause);
    }
    return new KeyFolder(path);
  }

  async names(): Promise<readonly KeyName[]> {
    return (await readdir(this.path)).flatMap((file) => {
      const [, expires, id] = NAME.exec(file) ?? [];
      return expires === undefined || id === undefined ? [] : [{ expires: Number(expires), id }];
    });
  }

  /**
   * @returns undefined where there is no such key, or what the file holds is not it
   * @throws RelayRefusal storage-unavailable when that cannot be told just now: a key that is thought lost makes devices
   * skip for good what it sealed
   */
  async read({ expires, id }: KeyName): Promise<Uint8Array | undefined> {
    const key = await readFile(join(this.path, fileOf({ expires, id }))).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw new RelayRefusal('storage-unavailable');
    });
    return key?.length === KEY_BYTES && idOf(key, expires) === id ? new Uint8Array(key) : undefined;
  }

  /** A new key, which is on the disk for good when this resolves. */
  async make(expires: number): Promise<{ readonly id: string; readonly key: Uint8Array }> {
    const key = new Uint8Array(randomBytes(KEY_BYTES));
    const id = idOf(key, expires);
    const place = join(this.path, fileOf({ expires, id }));
    const draft = `${place}.new`;
    await writeThrough(draft, 'wx', key);
    // The file's own date must not tell when the first thing of a day came.
    const midnight = Math.floor(Date.now() / DAY_MS) * (DAY_MS / 1000);
    await utimes(draft, midnight, midnight);
    await rename(draft, place);
    await this.settle();
    return { id, key };
  }

  /** Writes random bytes over every key that ends on or before `today` and removes it. Safe to repeat after a crash anywhere. */
  async destroy(today: number): Promise<void> {
    const due = (await readdir(this.path)).filter((file) => Number(ANY_NAME.exec(file)?.[1] ?? Infinity) <= today);
    for (const file of due) {
      const place = join(this.path, file);
      try {
        await writeThrough(place, 'r+', randomBytes(KEY_BYTES));
        await unlink(place);
      } catch (error) {
        // Another relay process on this folder was faster.
        if (!isAbsent(error)) throw error;
      }
    }
    if (due.length > 0) await this.settle();
  }

  /** Names are as durable as what they name. */
  private async settle(): Promise<void> {
    const folder = await open(this.path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

const fileOf = ({ expires, id }: KeyName): string => `${expires}-${id}.key`;

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function writeThrough(path: string, flags: 'wx' | 'r+', bytes: Uint8Array): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.write(bytes, 0, bytes.length, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
