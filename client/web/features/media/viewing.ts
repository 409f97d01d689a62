/** Which picture or video is being looked at, above everything else. Held while the app is open; locking forgets it. */
import { useSyncExternalStore } from 'react';
import type { MessageItem, MessagePlace, RoomId } from '#core/session/api.ts';

export interface Viewing {
  readonly room: RoomId;
  /** What to begin with; the rest of the room's follow. */
  readonly item: MessageItem;
}

let viewing: Viewing | undefined;
const listeners = new Set<() => void>();

export function view(next: Viewing | undefined): void {
  viewing = next;
  listeners.forEach((listener) => listener());
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useViewing = (): Viewing | undefined => useSyncExternalStore(subscribe, () => viewing);

/** The message as a call names it; until it has a place, by its id alone. */
export const whereIs = ({ id, place }: MessageItem): MessagePlace | string => place ?? id;
