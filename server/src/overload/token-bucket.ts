import type { Rate } from './figures.ts';

/** So many at once, so many a second: empties as it is used, fills with time. */
export class TokenBucket {
  private readonly rate: Rate;
  private left: number;
  /** Milliseconds of the monotonic clock. */
  private at: number;

  constructor(rate: Rate, now = performance.now()) {
    this.rate = rate;
    this.left = rate.burst;
    this.at = now;
  }

  /** @returns false, and takes nothing, when there is not as much left */
  take(count = 1, now = performance.now()): boolean {
    this.left = Math.min(this.rate.burst, this.left + ((now - this.at) / 1000) * this.rate.perSecond);
    this.at = now;
    if (this.left < count) return false;
    this.left -= count;
    return true;
  }
}
