/** Cuts a run of records into pieces that fit in memory. */
import type { RecordSize } from './log.store.ts';

export interface Run {
  readonly first: number;
  readonly last: number;
}

/** Runs of whole records of at most `bytes` each, with the bytes in each; a record larger than that is a run of its own. */
export function runsOf(sizes: readonly Pick<RecordSize, 'seq' | 'size'>[], bytes: number): (Run & { readonly bytes: number })[] {
  const runs: { first: number; last: number; bytes: number }[] = [];
  for (const { seq, size } of sizes) {
    const open = runs.at(-1);
    if (open !== undefined && open.bytes + size <= bytes) {
      open.last = seq;
      open.bytes += size;
    } else {
      runs.push({ first: seq, last: seq, bytes: size });
    }
  }
  return runs;
}

/** The runs of `first`..`last` that are not among `present`, which is in order. */
export function gapsIn(present: readonly { readonly seq: number }[], first: number, last: number): Run[] {
  const gaps: Run[] = [];
  let next = first;
  for (const { seq } of present) {
    if (seq > next) gaps.push({ first: next, last: seq - 1 });
    next = seq + 1;
  }
  if (next <= last) gaps.push({ first: next, last });
  return gaps;
}
