/** Files on this computer's disk, as the session reads and writes them. */
import { openAsBlob } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FileSink, type FileSource, SessionFailure } from '#core/session/api.ts';

/** To a command that holds the vault a file crosses as its path. */
interface OnDisk {
  /** Absolute. */
  readonly path: string;
}

/** Reading it fails as soon as the file on disk changes. @throws SessionFailure `file-unreadable` */
export async function localSource(path: string): Promise<FileSource & OnDisk> {
  const absolute = resolve(path);
  try {
    if (!(await stat(absolute)).isFile()) throw new Error('not a file');
    const blob = await openAsBlob(absolute);
    return { path: absolute, size: blob.size, slice: (from, to) => blob.slice(from, to) };
  } catch (cause) {
    throw new SessionFailure('file-unreadable', { cause });
  }
}

const ONLY_MINE = 0o600;

/** Writes straight to `path`; what is there is gone on with. */
export class LocalSink implements FileSink, OnDisk {
  readonly path: string;
  #opening: Promise<FileHandle> | undefined;

  constructor(path: string) {
    this.path = resolve(path);
  }

  async size(): Promise<number> {
    return (await (await this.#open()).stat()).size;
  }

  async read(from: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await (await this.#open()).read(bytes, 0, length, from);
    return bytes.subarray(0, bytesRead);
  }

  async write(from: number, bytes: Uint8Array): Promise<void> {
    const handle = await this.#open();
    if ((await handle.stat()).size > from) await handle.truncate(from);
    for (let written = 0; written < bytes.length;) {
      written += (await handle.write(bytes, written, bytes.length - written, from + written)).bytesWritten;
    }
  }

  async close(): Promise<void> {
    await (await this.#opening)?.close();
    this.#opening = undefined;
  }

  toJSON(): OnDisk {
    return { path: this.path };
  }

  #open(): Promise<FileHandle> {
    this.#opening ??= open(this.path, 'a+', ONLY_MINE).then(async (handle) => {
      // In this mode every write would go to the end.
      await handle.close();
      return open(this.path, 'r+');
    });
    return this.#opening;
  }
}

/** Once it is whole and on the disk, the file gets its name. */
export async function putInPlace(part: string, path: string): Promise<void> {
  const handle = await open(part, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, path);
}
