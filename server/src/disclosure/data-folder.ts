/** What lies in the data folder, by kind. Names and sizes only: nothing is opened. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_KINDS, type FileKind } from './file-kinds.ts';

export interface FolderContents {
  /** By key of the kind; kinds of which there is nothing are not in it. */
  readonly found: ReadonlyMap<string, { readonly files: number; readonly bytes: number }>;
  /** Paths that are of no kind, relative to the data folder. */
  readonly unknown: readonly string[];
  /** Folders this user may not look into. */
  readonly closed: readonly string[];
}

/**
 * @param places folders to look into, each with the name it goes by in FILE_KINDS: '' for the data folder itself
 * @param kinds only tests pass others
 */
export function contentsOf(places: readonly { readonly folder: string; readonly as: string }[], kinds: readonly FileKind[] = FILE_KINDS): FolderContents {
  const found = new Map<string, { files: number; bytes: number }>();
  const unknown: string[] = [];
  const closed: string[] = [];
  const look = (folder: string, as: string): void => {
    for (const entry of entriesOf(folder, () => closed.push(as || '.'))) {
      const name = as === '' ? entry.name : `${as}/${entry.name}`;
      if (entry.isDirectory()) look(join(folder, entry.name), name);
      else sort(join(folder, entry.name), name);
    }
  };
  const sort = (path: string, name: string): void => {
    const kind = kinds.find(({ pattern }) => pattern.test(name));
    if (kind === undefined) unknown.push(name);
    else {
      const so = found.get(kind.key) ?? { files: 0, bytes: 0 };
      found.set(kind.key, { files: so.files + 1, bytes: so.bytes + sizeOf(path) });
    }
  };
  for (const { folder, as } of places) look(folder, as);
  return { found, unknown, closed };
}

/** A folder that is not there is empty. */
function entriesOf(folder: string, onClosed: () => void): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') onClosed();
    return [];
  }
}

/** A file may go while we look. */
function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    return 0;
  }
}
