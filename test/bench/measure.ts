/** Measuring several sides in turns, so that whatever else the machine does falls on all of them. */

/** One side of a comparison. `run` does `operations` operations; what it needs first is made by `prepare`, untimed. */
export interface Side {
  readonly operations: number;
  prepare?(): Promise<void>;
  run(): Promise<void>;
}

/** Milliseconds for one operation. */
export interface Timing {
  /** By the clock. */
  readonly wall: number;
  /** Of this thread on a core: what is left of the figure on a busy machine. */
  readonly cpu: number;
}

/** @returns the median of each side over the rounds; the order changes from round to round */
export async function inTurns(sides: readonly Side[], rounds: number): Promise<Timing[]> {
  const taken = sides.map((): Timing[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of orderOf(sides.length, round)) taken[index]?.push(await once(sides[index] as Side));
  }
  return taken.map((timings) => ({ wall: median(timings.map(({ wall }) => wall)), cpu: median(timings.map(({ cpu }) => cpu)) }));
}

export async function once(side: Side): Promise<Timing> {
  await side.prepare?.();
  const cpu = process.threadCpuUsage();
  const began = performance.now();
  await side.run();
  const wall = performance.now() - began;
  const { user, system } = process.threadCpuUsage(cpu);
  return { wall: wall / side.operations, cpu: (user + system) / 1000 / side.operations };
}

const orderOf = (count: number, round: number): number[] => Array.from({ length: count }, (_, index) => (index + round) % count);

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @param share from 0 to 1 */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
