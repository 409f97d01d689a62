/** Stands in for `client/core/session/pace.ts` in programs that are built or started for tests with nobody who watches. */
export * from '#core/session/pace.ts';
export { QUICK_PACE as DEFAULT_PACE } from './pace.ts';
