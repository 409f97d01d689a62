/** What sending and saving a file have in common: going on after a cut, telling how far it is, and being given up. */
import { roughly } from '#shared/chance.ts';
import { SessionFailure, type TransferId } from '../api.ts';
import type { Device } from '../device.ts';
import { isPassing } from '../failure.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

export class Transfers {
  readonly #device: Device;
  readonly #running = new Map<TransferId, AbortController>();
  readonly #all = new Set<AbortController>();

  constructor(device: Device) {
    this.#device = device;
  }

  /** @returns false where nothing of that name is under way */
  cancel(transfer: TransferId): boolean {
    const running = this.#running.get(transfer);
    running?.abort(new SessionFailure('cancelled'));
    return running !== undefined;
  }

  /** The device locks: nothing goes on. */
  end(): void {
    for (const each of this.#all) each.abort(new SessionFailure('locked'));
  }

  async run<T>(transfer: TransferId | undefined, total: number, work: (transfer: Transfer) => Promise<T>): Promise<T> {
    const control = new AbortController();
    this.#all.add(control);
    if (transfer !== undefined) this.#running.set(transfer, control);
    try {
      return await work(new Transfer(this.#device, control.signal, transfer, total));
    } finally {
      this.#all.delete(control);
      if (transfer !== undefined && this.#running.get(transfer) === control) this.#running.delete(transfer);
    }
  }
}

export class Transfer {
  readonly #device: Device;
  readonly #ending: AbortSignal;
  readonly #id: TransferId | undefined;
  readonly #total: number;
  /** Bytes that have been sent or saved. */
  done = 0;

  constructor(device: Device, ending: AbortSignal, id: TransferId | undefined, total: number) {
    this.#device = device;
    this.#ending = ending;
    this.#id = id;
    this.#total = total;
  }

  get id(): TransferId | undefined {
    return this.#id;
  }

  tell(done: number): void {
    this.done = done;
    if (this.#id !== undefined) this.#device.emit({ changed: 'transfer', transfer: this.#id, done, total: this.#total });
  }

  /** @throws SessionFailure `cancelled` | `locked` */
  mustGoOn(): void {
    if (this.#ending.aborted) throw this.#ending.reason;
  }

  /** Asks again and again while what stands in the way may pass. */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      this.mustGoOn();
      try {
        return await work();
      } catch (thrown) {
        if (!isPassing(thrown) || this.#device.closed) throw thrown;
        await this.#pause(roughly(pause));
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        this.#ending.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      this.#ending.addEventListener('abort', over);
    });
  }
}
