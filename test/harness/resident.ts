/** The resident memory of a process, looked at again and again (Linux). */
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 200;

/** Megabytes. @returns undefined when there is no such process */
export function residentOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

export interface Watched {
  /** Megabytes, in the order of time; a process that was started again begins a new run. */
  readonly runs: readonly (readonly number[])[];
  stop(): void;
}

export function watchResident(pid: () => number): Watched {
  const runs: number[][] = [];
  let watched: number | undefined;
  const look = (): void => {
    const now = pid();
    const megabytes = residentOf(now);
    if (megabytes === undefined) return;
    if (now !== watched) runs.push([]);
    watched = now;
    runs.at(-1)?.push(megabytes);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { runs, stop: () => clearInterval(timer) };
}
