/** The pauses of a device, for tests that have nobody who watches. */
import type { Pace } from '#core/session/pace.ts';

export const QUICK_PACE: Pace = { entering: [1, 5], queued: [1, 5], draw: [1, 5], replace: [2, 5], refill: [1, 5], used: [1, 5], siblings: [20, 40], leaving: [5, 100], requests: [500, 1_500], asking: [300, 600], announcing: [200, 400] };
