/**
 * What one's own devices tell each other leaves about once a minute, and all that came up meanwhile with it: so that
 * neither what it costs nor when it leaves follows every message somebody reads.
 */
import type { OutboxItem } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { byChance, Pauses, type Pace } from '../pace.ts';
import { isUrgent } from './own-room.ts';

export class OwnGate {
  readonly #pace: Pace;
  readonly #held: () => void;
  readonly #pauses = new Pauses();
  #lastLeft = Number.NEGATIVE_INFINITY;

  /** @param held called when something begins to wait */
  constructor(pace: Pace, held: () => void) {
    this.#pace = pace;
    this.#held = held;
  }

  get holding(): number {
    return this.#pauses.size;
  }

  /** Resolves when it may leave, or the device stops. */
  async turn(item: OutboxItem): Promise<void> {
    if (!isUrgent(item)) {
      const [now, between] = [performance.now(), byChance(this.#pace.siblings)];
      const wait = this.#pauses.wait(Math.max(this.#lastLeft + between - now, between / 10));
      this.#held();
      await wait;
    }
    this.#lastLeft = performance.now();
  }

  stop(): void {
    this.#pauses.stop();
  }
}
