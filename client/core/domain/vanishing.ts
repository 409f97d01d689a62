/**
 * When a message is gone. It counts from sending, by the sender's clock as far as that can be believed: never from later
 * than this device got it, nor from so long ago that the relay would not have had it any more.
 */

/** Seconds that messages stay: as the room says and never longer than the hub lets them. 0: they stay. */
export function keptFor(vanishAfterS: number, longestKeepS: number): number {
  if (vanishAfterS === 0 || longestKeepS === 0) return Math.max(vanishAfterS, longestKeepS);
  return Math.min(vanishAfterS, longestKeepS);
}

/** A day more than the relay keeps posts: what was withheld for longer than that counts as sent then. */
const oldestSending = (now: number, postDays: number): number => now - (postDays + 1) * 86_400_000;

/**
 * @param sentAt by the sender's clock, milliseconds since 1970, like the others
 * @param keptS seconds; 0: it stays
 * @param postDays how long the relay keeps posts
 * @returns when it is gone; 0: it stays
 */
export function vanishesAt(sentAt: number, now: number, keptS: number, postDays: number): number {
  if (keptS === 0) return 0;
  return Math.max(oldestSending(now, postDays), Math.min(sentAt, now)) + keptS * 1000;
}
