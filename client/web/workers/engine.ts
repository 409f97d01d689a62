/**
 * Composition root of the engine in the browser: vault, relay and rooms wired into one session, served to every tab.
 * It runs in a worker of the leading tab. The lock is the worker's own, so that an engine whose tab is closing is
 * really gone before its successor opens the vault. Once locked it asks its tab for a successor: what a key has left
 * behind in a worker's memory goes with the worker and in no other way.
 */
import { createRelay } from '#core/relay/http.ts';
import { openSession } from '#core/session/open.ts';
import { indexedDbVaultHome } from '#core/vault/indexeddb.ts';
import { broadcastWire, FORGOTTEN, WORKER_LOCK } from './protocol.ts';
import { serve } from './serve.ts';

async function run(): Promise<never> {
  const session = await openSession({
    home: indexedDbVaultHome(),
    relayAt: (origin) => createRelay(origin),
    mls: async () => (await import('#core/mls/mls.ts')).createMls(),
    live: true,
  });
  serve(session, broadcastWire(), crypto.randomUUID(), () => postMessage(FORGOTTEN));
  fetchTheRest();
  return new Promise<never>(() => undefined);
}

/** What an unlocked engine is made of, while somebody types a passphrase. What could not be fetched is asked for again then. */
function fetchTheRest(): void {
  void Promise.all([import('#core/session/unlocked.ts'), import('#core/session/newcomer.ts'), import('#core/session/founding.ts'), import('#core/mls/mls.ts')]).catch(() => undefined);
}

navigator.locks.request(WORKER_LOCK, run).catch((error: unknown) => {
  // Reaches the page as an error event, without words of its own.
  setTimeout(() => {
    throw error;
  });
});
