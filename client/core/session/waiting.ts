/** Callers that wait for something the log or the relay will say. */
import type { SessionFailureCode } from './api.ts';
import { SessionFailure } from './api.ts';

interface Waiter<T> {
  resolve(value: T): void;
  reject(failure: SessionFailure): void;
}

const MOST_PLACES = 512;

export class Waiting {
  /** Of the latest messages that were acknowledged. */
  readonly #places = new Map<string, number>();
  readonly #deliveries = new Map<string, Waiter<{ seq: number }>[]>();
  /** Own commits the log has shown, by body hash. */
  readonly #adopted = new Set<string>();

  /** Resolves when the message with this id (hex) is acknowledged. */
  forDelivery(message: string): Promise<{ seq: number }> {
    return new Promise((resolve, reject) => {
      this.#deliveries.set(message, [...(this.#deliveries.get(message) ?? []), { resolve, reject }]);
    });
  }
  delivered(message: string, seq: number): void {
    this.#places.set(message, seq);
    if (this.#places.size > MOST_PLACES) this.#places.delete(this.#places.keys().next().value as string);
    for (const waiter of this.#take(message)) waiter.resolve({ seq });
  }
  seqOf(message: string): number | undefined {
    return this.#places.get(message);
  }
  failed(message: string, code: SessionFailureCode): void {
    for (const waiter of this.#take(message)) waiter.reject(new SessionFailure(code));
  }

  adopted(bodyHash: string): void {
    this.#adopted.add(bodyHash);
  }
  /** True once for each adopted commit. */
  takeAdopted(bodyHash: string): boolean {
    return this.#adopted.delete(bodyHash);
  }

  /** The device locks: nobody waits any longer. */
  end(): void {
    for (const message of [...this.#deliveries.keys()]) this.failed(message, 'locked');
  }

  #take(message: string): Waiter<{ seq: number }>[] {
    const waiters = this.#deliveries.get(message) ?? [];
    this.#deliveries.delete(message);
    return waiters;
  }
}
