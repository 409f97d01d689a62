/** One profile, one engine: the tab that holds the lock runs it, the others wait for the lock. */
import { LEADER_LOCK } from './protocol.ts';

type Locks = Pick<LockManager, 'request'>;

/**
 * Starts the engine when this tab becomes the leader, at once or when the tab before it closes. The lock is held as
 * long as the tab lives: the callback's promise never settles, and the browser frees the lock with the tab.
 */
export function leadWhenFirst(start: () => void, locks: Locks = navigator.locks): void {
  void locks.request(LEADER_LOCK, () => {
    start();
    return new Promise<never>(() => undefined);
  });
}
