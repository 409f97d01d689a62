/** Starts the engine's worker. Its address passes the page's only Trusted Types policy. */
import engineUrl from './engine.ts?worker&url';
import { keepRunning } from './succession.ts';
import { trusted } from './trusted.ts';

/** Runs an engine as long as the tab lives: when one has given up its keys, it is ended and a fresh one takes its place. */
export function startEngine(onBroken: () => void): void {
  const address = trusted(engineUrl);
  keepRunning(() => new Worker(address, { type: 'module', name: 'thicket-engine' }), onBroken);
}
