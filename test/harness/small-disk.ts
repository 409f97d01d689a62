/** A file system of its own that fills up; only root may mount one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MiB = 1024 * 1024;

export interface SmallDisk {
  readonly path: string;
  /** Leaves 2 MiB. */
  fill(): void;
  /** Takes the filling away. */
  clear(): void;
  unmount(): void;
}

/** @returns undefined where none can be mounted */
export function smallDisk(): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'thicket-small-disk-'));
  if (process.platform !== 'linux' || spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=0755', 'tmpfs', path]).status !== 0) {
    rmdirSync(path);
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 2 * MiB)));
    },
    clear: () => rmSync(ballast, { force: true }),
    unmount: () => {
      spawnSync('umount', [path]);
      rmdirSync(path);
    },
  };
}
