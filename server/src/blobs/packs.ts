/**
 * Chunks on disk. Not a file for each blob, because a file's birth and change times tell to the second when it was sent:
 * a process appends every chunk to the one pack it has for the day on which the chunk expires. Packs are made ahead of
 * need and touched every hour, so their times tell when the relay started or looked, and the hour of the last write at most.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayRefusal } from '#shared/errors.ts';
import type { Day } from '#shared/ids.ts';
import type { ChunkPlace, ChunkStorage } from './chunk-storage.ts';

export interface PackOptions {
  /** Absolute path; made if it is not there. */
  readonly folder: string;
  /** Bytes of the disk that are left free. */
  readonly reserve: number;
  /** Chunks are kept for so many whole days; the pack of today's is made ahead of the first one. */
  readonly daysKept: number;
  readonly today: () => Day;
}

interface Pack {
  readonly container: Uint8Array;
  readonly path: string;
  readonly handle: FileHandle;
  end: number;
}

const DAY_SECONDS = 86_400;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export class Packs implements ChunkStorage {
  readonly #options: PackOptions;
  readonly #packs = new Map<Day, Promise<Pack>>();

  constructor(options: PackOptions) {
    this.#options = options;
  }

  put(expires: Day, bytes: Uint8Array): Promise<ChunkPlace> {
    return refusing(async () => {
      await this.#mustHaveRoom(bytes.length);
      const pack = await this.#packFor(expires);
      // Taken before anything is awaited: two chunks never share a place.
      const position = pack.end;
      pack.end += bytes.length;
      await writeWhole(pack.handle, bytes, position);
      await pack.handle.datasync();
      await this.#blur(pack);
      return { container: pack.container, position, length: bytes.length };
    });
  }

  get(expires: Day, { container, position, length }: ChunkPlace): Promise<Uint8Array | undefined> {
    return refusing(async () => {
      const handle = await openIfThere(this.#pathOf(expires, container), 'r');
      if (handle === undefined) return undefined;
      try {
        const bytes = Buffer.allocUnsafe(length);
        for (let read = 0; read < length;) {
          const { bytesRead } = await handle.read(bytes, read, length - read, position + read);
          if (bytesRead === 0) return undefined;
          read += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    });
  }

  erase(expires: Day, places: readonly ChunkPlace[]): Promise<void> {
    return refusing(async () => {
      for (const [path, ranges] of this.#byPath(expires, places)) {
        const handle = await openIfThere(path, 'r+');
        if (handle === undefined) continue;
        try {
          const { size } = await handle.stat();
          for (const { position, length } of ranges) {
            if (position + length <= size) await writeWhole(handle, Buffer.alloc(length), position);
          }
          await handle.datasync();
        } finally {
          await handle.close();
        }
      }
    });
  }

  tidy(today: Day): Promise<void> {
    return refusing(async () => {
      await mkdir(this.#options.folder, { recursive: true, mode: PRIVATE_FOLDER });
      for (const name of await readdir(this.#options.folder)) {
        if (/^\d+$/.test(name) && Number(name) <= today) await this.#drop(Number(name) as Day);
      }
      await this.#packFor((today + this.#options.daysKept + 1) as Day);
      for (const pack of this.#packs.values()) await this.#blur(await pack);
    });
  }

  /** The packs of other processes on this folder count too. */
  used(): Promise<number> {
    return refusing(async () => {
      let bytes = 0;
      for (const day of await listIfThere(this.#options.folder)) {
        const folder = join(this.#options.folder, day);
        for (const name of await listIfThere(folder)) bytes += await sizeIfThere(join(folder, name));
      }
      return bytes;
    });
  }

  async close(): Promise<void> {
    for (const making of this.#packs.values()) {
      const pack = await making.catch(() => undefined);
      await pack?.handle.close().catch(() => undefined);
      if (pack?.end === 0) await rm(pack.path, { force: true }).catch(() => undefined);
    }
    this.#packs.clear();
  }

  async #drop(day: Day): Promise<void> {
    const pack = await this.#packs.get(day)?.catch(() => undefined);
    this.#packs.delete(day);
    await pack?.handle.close().catch(() => undefined);
    await rm(join(this.#options.folder, String(day)), { recursive: true, force: true });
  }

  #packFor(expires: Day): Promise<Pack> {
    const known = this.#packs.get(expires);
    if (known !== undefined) return known;
    const making = this.#make(expires);
    this.#packs.set(expires, making);
    making.catch(() => this.#packs.delete(expires));
    return making;
  }

  async #make(expires: Day): Promise<Pack> {
    const folder = join(this.#options.folder, String(expires));
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const container = randomBytes(16);
    const path = this.#pathOf(expires, container);
    const handle = await open(path, 'wx', PRIVATE_FILE);
    await syncFolder(folder);
    await syncFolder(this.#options.folder);
    return { container, path, handle, end: 0 };
  }

  /** The day is the finest time a file of ours tells by itself. */
  async #blur({ path }: Pack): Promise<void> {
    const midnight = this.#options.today() * DAY_SECONDS;
    await utimes(path, midnight, midnight).catch(() => undefined);
  }

  async #mustHaveRoom(bytes: number): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: PRIVATE_FOLDER });
    const { bavail, bsize } = await statfs(this.#options.folder);
    if (bavail * bsize - bytes < this.#options.reserve) throw new RelayRefusal('storage-full');
  }

  #pathOf(expires: Day, container: Uint8Array): string {
    return join(this.#options.folder, String(expires), `${Buffer.from(container).toString('hex')}.pack`);
  }

  #byPath(expires: Day, places: readonly ChunkPlace[]): Map<string, ChunkPlace[]> {
    const byPath = new Map<string, ChunkPlace[]>();
    for (const place of places) {
      const path = this.#pathOf(expires, place.container);
      byPath.set(path, [...(byPath.get(path) ?? []), place]);
    }
    return byPath;
  }
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function openIfThere(path: string, flags: 'r' | 'r+'): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const listIfThere = (folder: string): Promise<string[]> => readdir(folder).catch(ifGone([]));
const sizeIfThere = (path: string): Promise<number> => stat(path).then(({ size }) => size).catch(ifGone(0));

/** A day that ended meanwhile, or what is no folder. */
const ifGone = <Value>(value: Value) => (error: unknown): Value => {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return value;
  throw error;
};

/** A new name is only durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What goes wrong with the disk, in the words of the one table. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof RelayRefusal || code === '') throw error;
    throw new RelayRefusal(code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'storage-full' : 'storage-unavailable');
  }
}
