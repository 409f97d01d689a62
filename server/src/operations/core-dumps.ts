/** A core dump is the memory of a process on the disk: bodies on their way, keys of days, addresses. */
import { writeFileSync } from 'node:fs';

/**
 * Takes everything out of this process's core dumps, and of those it starts, where the system lets a process say so
 * (Linux, core(5)). How large a dump may be (`ulimit -c 0`) is for whoever starts it: compose, scripts/start.mjs, systemd.
 */
export function emptyCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not Linux.
  }
}
