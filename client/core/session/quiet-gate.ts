/** Holds back what quiet rooms send until the half minute, and lets go of all that is queued by then, in order. */
import { chance } from '#shared/chance.ts';
import { momentOfItsOwn, untilNextTick } from '../domain/quiet.ts';
import { Pauses } from './pace.ts';

export class QuietGate {
  readonly #now: () => number;
  readonly #held: () => void;
  /** By lane, what may leave, as it was queued at its half minute. By their own ids: places in the outbox are used again. */
  readonly #free = new Map<string, ReadonlySet<string>>();
  readonly #pauses = new Pauses();
  /** Lanes that wait for a half minute. */
  holding = 0;

  /** @param held called when a lane begins to wait */
  constructor(now: () => number, held: () => void) {
    this.#now = now;
    this.#held = held;
  }

  /**
   * Resolves when this item may leave, or the device stops.
   * @param item an id that no other item ever has
   * @param queued the ids of everything that is queued in the lane
   */
  async turn(lane: string, item: string, queued: () => readonly string[]): Promise<void> {
    if (!this.#free.get(lane)?.has(item)) {
      this.holding += 1;
      this.#held();
      await this.#pauses.wait(untilNextTick(this.#now()));
      this.holding -= 1;
      this.#free.set(lane, new Set([item, ...queued()]));
    }
    await this.#pauses.wait(momentOfItsOwn(chance()));
  }

  stop(): void {
    this.#pauses.stop();
  }
}
