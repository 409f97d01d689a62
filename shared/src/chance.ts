/**
 * Chance for pauses and jitter. These keep apart in time what must not be seen to belong together, so it must not be
 * possible to foresee them from others, as it is with the engine's own random numbers.
 */

/** From 0 to below 1, in steps of 2^-32. */
export const chance = (): number => (globalThis.crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32;

/** From half to one and a half of it. */
export const roughly = (ms: number): number => ms * (0.5 + chance());
