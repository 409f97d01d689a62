/** The service worker of the app, and whether a newer build of it waits. Nothing is ever taken, and no page loaded anew, unless a person says so. */
import { useSyncExternalStore } from 'react';
import { trusted } from '../workers/trusted.ts';

const ADDRESS = '/sw.js';
const LOOK_AGAIN_MS = 6 * 60 * 60_000;

let started = false;
let waiting: ServiceWorker | undefined;
/** Another tab took the newer build: this one runs an older one until it is loaded again. */
let isOlder = false;
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

/** Call once, when the page stands. Without service workers the app works as before, with the hub. */
export function startServiceWorker(): void {
  if (started || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  started = true;
  const workers = navigator.serviceWorker;
  const hadOne = workers.controller !== null;
  workers.addEventListener('controllerchange', () => {
    if (!hadOne) return;
    isOlder = true;
    tell();
  });
  workers.register(trusted(ADDRESS), { scope: '/', updateViaCache: 'none' }).then(follow, () => undefined);
}

function follow(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    waiting = registration.waiting;
    tell();
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  setInterval(() => void registration.update().catch(() => undefined), LOOK_AGAIN_MS);
}

/** Loads the page again under the newer build. */
export function takeNewVersion(): void {
  const reload = (): void => location.reload();
  if (waiting === undefined || isOlder) return reload();
  navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
  waiting.postMessage('take-over');
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useNewVersion = (): boolean => useSyncExternalStore(subscribe, () => waiting !== undefined || isOlder);
