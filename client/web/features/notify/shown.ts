/** What lies on the screen of the device, through the service worker. */
import type { Said } from './wording.ts';

const registration = async (): Promise<ServiceWorkerRegistration | undefined> =>
  'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration() : undefined;

export const canNotify = (): boolean => 'Notification' in globalThis && 'serviceWorker' in navigator;
export const mayNotify = (): boolean => canNotify() && Notification.permission === 'granted';

/**
 * No picture goes with it: the browser would fetch it from the hub by itself, at the moment when something came.
 * @param aloud false where the person was called a moment ago
 */
export async function show(tag: string, { title, body }: Said, aloud: boolean): Promise<void> {
  const options: NotificationOptions & { renotify: boolean } = { tag, renotify: aloud, silent: !aloud, ...(body !== undefined && { body }) };
  await (await registration())?.showNotification(title, options);
}

/** @param tag without one, everything that this app shows */
export async function takeAway(tag?: string): Promise<void> {
  const shown = await (await registration())?.getNotifications(tag === undefined ? {} : { tag });
  shown?.forEach((notification) => notification.close());
}

/** The service worker says which one was pressed; the tab that made it says that it is its own, and comes to the front. */
export function onPressed(open: (tag: string) => boolean): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const hear = ({ data, ports }: MessageEvent<unknown>): void => {
    if (typeof data !== 'object' || data === null || !('pressed' in data) || typeof data.pressed !== 'string') return;
    if (open(data.pressed)) ports[0]?.postMessage('mine');
  };
  navigator.serviceWorker.addEventListener('message', hear);
  return () => navigator.serviceWorker.removeEventListener('message', hear);
}
