/** Holds back what quiet rooms send until the half minute, and lets go of all that is queued by then, in order. */
import { momentOfItsOwn, untilNextTick } from '../domain/quiet.ts';

export class QuietGate {
  readonly #now: () => number;
  readonly #held: () => void;
  /** By lane, the last item that may leave. */
  readonly #free = new Map<string, number>();
  readonly #waits = new Set<() => void>();
  #stopped = false;
  /** Lanes that wait for a half minute. */
  holding = 0;

  /** @param held called when a lane begins to wait */
  constructor(now: () => number, held: () => void) {
    this.#now = now;
    this.#held = held;
  }

  /** Resolves when this item may leave, or the device stops. */
  async turn(lane: string, order: number, queued: () => readonly number[]): Promise<void> {
    if (order > (this.#free.get(lane) ?? 0)) {
      this.holding += 1;
      this.#held();
      await this.#wait(untilNextTick(this.#now()));
      this.holding -= 1;
      this.#free.set(lane, Math.max(order, ...queued()));
    }
    await this.#wait(momentOfItsOwn(Math.random()));
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#waits) end();
  }

  #wait(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#waits.add(end);
    });
  }
}
