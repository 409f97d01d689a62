/** Notes what a person has really had before their eyes: at the bottom, in a page that is shown. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { MessagePlace, RoomSummary, TimelineItem } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { highest } from './window.ts';

const onVisibility = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};
const isVisible = (): boolean => document.visibilityState === 'visible';

interface Given {
  readonly room: RoomSummary;
  readonly thread: MessagePlace | undefined;
  readonly unread: number;
  readonly items: readonly TimelineItem[];
  /** The newest is in view. */
  readonly reading: boolean;
}
/** However much comes, it is said this often at most. */
const SAY_MS = 250;

/** Marks the room, or the thread, as read while its end is in view. @returns the highest seq that was in view */
export function useReading({ room, thread, unread, items, reading: atEnd }: Given): number {
  const session = useSession();
  const visible = useSyncExternalStore(onVisibility, isVisible);
  const newest = highest(items) ?? 0;
  const seen = useRef(newest);
  const reading = atEnd && visible;
  if (reading) seen.current = newest;
  const saying = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { id } = room;
  const some = unread > 0;
  useEffect(() => {
    if (!reading || !some || saying.current !== undefined) return;
    const say = () => {
      saying.current = undefined;
      void (thread === undefined ? session.markRead(id) : session.markReadTo(id, seen.current, thread)).catch(() => undefined);
    };
    saying.current = setTimeout(say, SAY_MS);
  }, [session, id, thread, reading, some, newest]);
  return seen.current;
}
