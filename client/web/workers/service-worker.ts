/**
 * The app without the hub: its own files, those of one build and no others, from a cache that is filled whole or not at all.
 * It keeps nothing else, and nothing that was said: requests to the hub pass it by. A new build waits until a person takes it.
 * It leads from a notification, which the app itself showed (features/notify), back to the tab. Nothing is pushed to it.
 * The build (build/service-worker.ts) writes the list of files in front of this.
 */
interface Listed {
  readonly path: string;
  readonly integrity: string;
}
declare const THICKET_FILES: readonly Listed[];
declare const THICKET_BUILD: string;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asking extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Pressing extends Lasting {
  readonly notification: Notification;
}
interface Window {
  focus(): Promise<unknown>;
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
}
interface Scope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void>; matchAll(options: { type: 'window' }): Promise<readonly Window[]>; openWindow(address: string): Promise<unknown> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asking) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Pressing) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

(() => {
  const scope = globalThis as unknown as Scope;
  const PREFIX = 'thicket-app-';
  const NAME = PREFIX + THICKET_BUILD;
  const PAGE = '/';
  const ANSWER_MS = 1000;
  const listed = new Set(THICKET_FILES.map(({ path }) => `/${path}`));

  /** What differs from the list by a byte is refused, so a cache never holds a mixture. */
  async function fill(): Promise<void> {
    const cache = await caches.open(NAME);
    await Promise.all(THICKET_FILES.map(async ({ path, integrity }) => {
      const address = path === 'index.html' ? PAGE : `/${path}`;
      const response = await fetch(address, { integrity, cache: 'no-cache', credentials: 'omit' });
      if (!response.ok) throw new Error(`${response.status}`);
      await cache.put(address, response);
    }));
  }
  async function forgetOthers(): Promise<void> {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
    await scope.clients.claim();
  }
  async function answer(request: Request, address: string): Promise<Response> {
    return (await (await caches.open(NAME)).match(address)) ?? fetch(request);
  }

  /** Asks a tab whether it made the notification with this tag. */
  const asked = (tab: Window, tag: string): Promise<Window> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(tab);
      tab.postMessage({ pressed: tag }, [port2]);
    });
  /** To the tab that knows what it was about; after a moment, when none says so, to any. */
  async function lead({ notification }: Pressing): Promise<void> {
    notification.close();
    const tabs = await scope.clients.matchAll({ type: 'window' });
    const nobody = new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MS));
    const tab = (await Promise.race([nobody, ...tabs.map((one) => asked(one, notification.tag))])) ?? tabs[0];
    await (tab === undefined ? scope.clients.openWindow(PAGE) : tab.focus());
  }

  scope.addEventListener('notificationclick', (event) => event.waitUntil(lead(event)));
  scope.addEventListener('install', (event) => event.waitUntil(fill()));
  scope.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
  scope.addEventListener('message', ({ data }) => {
    if (data === 'take-over') void scope.skipWaiting();
  });
  scope.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== scope.location.origin || pathname.startsWith('/v1/')) return;
    if (request.mode === 'navigate') {
      if (!pathname.includes('.')) event.respondWith(answer(request, PAGE));
    } else if (listed.has(pathname)) event.respondWith(answer(request, pathname));
  });
})();
