/**
 * Groups what arrives while the work before it runs: one caller waits for one run, sixty-four callers for one run too.
 * Items keep their order of arrival.
 */
import { RelayRefusal } from '#shared/errors.ts';

export interface BatchLimits<Item> {
  /** Most items of one run. */
  readonly items: number;
  /** Most bytes of one run; a single larger item runs alone. */
  readonly bytes: number;
  /** Bytes that may wait; what comes on top is refused with `too-many`. */
  readonly waitingBytes: number;
  readonly sizeOf: (item: Item) => number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly size: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** One outcome for each item, in their order. A run that throws fails all of its items. */
export type BatchWork<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

export class Batcher<Item, Result> {
  private readonly work: BatchWork<Item, Result>;
  private readonly limits: BatchLimits<Item>;
  private waiting: Waiting<Item, Result>[] = [];
  private waitingBytes = 0;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(work: BatchWork<Item, Result>, limits: BatchLimits<Item>) {
    this.work = work;
    this.limits = limits;
  }

  /** @throws RelayRefusal too-many, shutting-down; whatever the run throws */
  add(item: Item): Promise<Result> {
    const size = this.limits.sizeOf(item);
    if (this.closed) return Promise.reject(new RelayRefusal('shutting-down'));
    if (this.waitingBytes + size > this.limits.waitingBytes) return Promise.reject(new RelayRefusal('too-many'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, size, resolve, reject });
      this.waitingBytes += size;
      this.running ??= this.runAll();
    });
  }

  /** Takes nothing more and resolves when everything taken has its outcome. */
  async drain(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async runAll(): Promise<void> {
    // Everything that arrives in the same turn of the event loop belongs to the first run.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.runOne(this.takeBatch());
    this.running = undefined;
  }

  private async runOne(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }

  private takeBatch(): Waiting<Item, Result>[] {
    let bytes = 0;
    let count = 0;
    for (const { size } of this.waiting) {
      if (count > 0 && (count === this.limits.items || bytes + size > this.limits.bytes)) break;
      bytes += size;
      count += 1;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }
}
