/** Everything on the machine that can be taken away, as bytes: files, what the database answers, logs, and the memory of processes. */
import { closeSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Stats } from 'node:fs';

/** Somewhere bytes lie. Pieces of one thing follow each other without a gap, unless `apart`. */
export interface Place {
  /** As the table names it, such as `journal`. */
  readonly where: string;
  /** Which file, table or region. */
  readonly what: string;
  readonly stats?: Stats;
  pieces(): Iterable<Buffer>;
}

const PIECE = 8 * 1024 * 1024;

const inMemory = (where: string, what: string, bytes: Buffer): Place => ({ where, what, pieces: () => [bytes] });
export const textPlace = (where: string, what: string, text: string): Place => inMemory(where, what, Buffer.from(text));
export const bytesPlace = inMemory;

/** Every file below a folder. `nameOf` says which row of the table a path belongs to. */
export function filesIn(folder: string, nameOf: (path: string) => string): Place[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ where: nameOf(path.slice(folder.length + 1)), what: path.slice(folder.length + 1), stats, pieces: () => piecesOf(path) }];
    });
}

function* piecesOf(path: string): Iterable<Buffer> {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const length = readSync(file, piece, 0, PIECE, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * The bytes a core dump would hold: every region of the process that it can write to. Of shared memory only PostgreSQL's first
 * process gives it, because all of them have the same.
 * @throws where this user may not look into the process
 */
export function memoryOf(pid: number, where: string, options: { readonly shared: boolean }): Place[] {
  const regions = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').flatMap((line) => {
    const [, from, to, rights, , path] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line) ?? [];
    const wanted = rights?.startsWith('rw') === true && (options.shared || rights.endsWith('p'));
    return wanted ? [{ from: Number.parseInt(from as string, 16), to: Number.parseInt(to as string, 16), path: path ?? '' }] : [];
  });
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  closeSync(memory);
  return regions.map(({ from, to, path }) => ({ where, what: `${pid} ${from.toString(16)} ${path}`, pieces: () => regionOf(pid, from, to) }));
}

function* regionOf(pid: number, from: number, to: number): Iterable<Buffer> {
  const memory = openIfThere(`/proc/${pid}/mem`);
  if (memory === undefined) return;
  try {
    for (let at = from; at < to; at += PIECE) {
      const piece = Buffer.alloc(Math.min(PIECE, to - at));
      const length = read(memory, piece, at);
      // A region that has gone meanwhile, or was never touched.
      if (length === 0) continue;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(memory);
  }
}

/** Backends of PostgreSQL come and go. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function read(file: number, into: Buffer, at: number): number {
  try {
    return readSync(file, into, 0, into.length, at);
  } catch {
    return 0;
  }
}

/** Regular files a process has open, so that none is overlooked because it lies somewhere else. */
export function openFilesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return path.startsWith('/') && statSync(path.replace(/ \(deleted\)$/, ''), { throwIfNoEntry: false })?.isFile() !== false && !path.startsWith('/dev/') && !path.startsWith('/proc/') ? [path] : [];
    } catch {
      return [];
    }
  });
}
