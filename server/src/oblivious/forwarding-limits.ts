/** How much this hub carries for its neighbours, all of them and all their members together: nobody here is counted alone. */
import { RelayRefusal } from '#shared/errors.ts';
import { MiB } from '#shared/limits.ts';

export interface ForwardingBounds {
  readonly requestsAtOnce: number;
  /** Bytes of requests held in memory. */
  readonly bytesAtOnce: number;
  readonly bytesPerMinute: number;
}
const FORWARDING_BOUNDS: ForwardingBounds = { requestsAtOnce: 64, bytesAtOnce: 64 * MiB, bytesPerMinute: 256 * MiB };

const MINUTE_MS = 60_000;

export class ForwardingLimits {
  private readonly bounds: ForwardingBounds;
  private readonly now: () => number;
  private requests = 0;
  private bytes = 0;
  /** What may still be carried; grows by the minute's share. */
  private credit: number;
  private since: number;

  /** @param now milliseconds of a clock that never goes back; nothing of it is kept but the last value */
  constructor(bounds: ForwardingBounds = FORWARDING_BOUNDS, now: () => number = () => performance.now()) {
    this.bounds = bounds;
    this.now = now;
    this.credit = bounds.bytesPerMinute;
    this.since = now();
  }

  /** Runs the work with its bytes counted while it lasts. @throws RelayRefusal `too-many` */
  async within<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    this.take(bytes);
    try {
      return await work();
    } finally {
      this.requests -= 1;
      this.bytes -= bytes;
    }
  }

  private take(bytes: number): void {
    const now = this.now();
    this.credit = Math.min(this.bounds.bytesPerMinute, this.credit + ((now - this.since) / MINUTE_MS) * this.bounds.bytesPerMinute);
    this.since = now;
    const isOver = this.requests >= this.bounds.requestsAtOnce || this.bytes + bytes > this.bounds.bytesAtOnce || bytes > this.credit;
    if (isOver) throw new RelayRefusal('too-many');
    this.requests += 1;
    this.bytes += bytes;
    this.credit -= bytes;
  }
}
