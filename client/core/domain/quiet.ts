/**
 * Sending quietly: in such a room nothing leaves when it is written. Every device waits for the next half minute of a grid
 * that all share, so what several people write within it leaves at the same time, and then for a moment of its own.
 */
export const GRID_MS = 30_000;
export const JITTER_MS = 3_000;

/** @param now milliseconds since 1970. @returns milliseconds until the next half minute, 1 to GRID_MS */
export const untilNextTick = (now: number): number => GRID_MS - (((now % GRID_MS) + GRID_MS) % GRID_MS);

/** @param random from 0 to below 1, another one for each post */
export const momentOfItsOwn = (random: number): number => random * JITTER_MS;
