/** One engine after another: a worker that held keys is ended, with its memory and its lock, once it is locked. */
import { FORGOTTEN } from './protocol.ts';

type Engine = Pick<Worker, 'addEventListener' | 'terminate'>;

/** @param onBroken an engine could not start, or failed in a way it did not catch */
export function keepRunning(start: () => Engine, onBroken: () => void): void {
  const engine = start();
  engine.addEventListener('error', onBroken);
  engine.addEventListener('messageerror', onBroken);
  engine.addEventListener('message', (event) => {
    if ((event as MessageEvent<unknown>).data !== FORGOTTEN) return;
    engine.terminate();
    keepRunning(start, onBroken);
  });
}
