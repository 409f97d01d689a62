/**
 * How long what this device does by itself is put off, by chance: what a pass does and what is sent without one must not
 * stand side by side in time.
 */
import { chance } from '#shared/chance.ts';

/** In milliseconds. */
export type Span = readonly [from: number, to: number];

export interface Pace {
  /** Between the answer to an invitation and the pass that it lets in. */
  readonly entering: Span;
  /** Before what was queued while away leaves. */
  readonly queued: Span;
  /** Before an empty stock is filled while something waits for it, and again before that something leaves. */
  readonly draw: Span;
  /** Before tokens that the relay refused are replaced a second time; twice as long each time after. */
  readonly replace: Span;
  /** Before pools that are a week old are filled. */
  readonly refill: Span;
  /** Before a key package that was used is replaced. */
  readonly used: Span;
  /** Between two records in which one's own devices tell each other where they are. */
  readonly siblings: Span;
  /** Before somebody who wants to leave a room is taken out of it: others may, too, and one is enough. */
  readonly leaving: Span;
  /** Between two looks at the own meeting places. */
  readonly requests: Span;
  /** Before whoever asked to read a board and got no answer asks again, of another coordinator's device; twice as long each time. */
  readonly asking: Span;
  /** Before another coordinator's device sends what was due and did not come. */
  readonly announcing: Span;
}

export const DEFAULT_PACE: Pace = {
  entering: [2_000, 8_000],
  queued: [1_000, 8_000],
  draw: [2_000, 6_000],
  replace: [15_000, 45_000],
  refill: [120_000, 900_000],
  used: [20_000, 180_000],
  siblings: [50_000, 70_000],
  leaving: [3_000, 40_000],
  requests: [1_500, 6_000],
  asking: [40_000, 80_000],
  announcing: [20_000, 40_000],
};

export const byChance = ([from, to]: Span): number => from + chance() * (to - from);

/** Pauses under way. */
export class Pauses {
  readonly #ends = new Map<() => void, boolean>();
  #stopped = false;

  get size(): number {
    return this.#ends.size;
  }
  get stopped(): boolean {
    return this.#stopped;
  }

  /** @param firm only `stop` ends it early */
  wait(ms: number, { firm = false } = {}): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#ends.set(end, firm);
    });
  }

  /** Ends those that may be ended. */
  hurry(): void {
    for (const [end, firm] of [...this.#ends]) if (!firm) end();
  }

  stop(): void {
    this.#stopped = true;
    for (const end of [...this.#ends.keys()]) end();
  }
}
