/** Notes what a person has really had before their eyes: at the bottom, in a page that is shown. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { RoomSummary, TimelineItem } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { highest } from './merge.ts';

const onVisibility = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};
const isVisible = (): boolean => document.visibilityState === 'visible';

/** Marks the room as read while its end is in view. @returns the highest seq that was in view */
export function useReading(room: RoomSummary, items: readonly TimelineItem[], atEnd: boolean): number {
  const session = useSession();
  const visible = useSyncExternalStore(onVisibility, isVisible);
  const newest = highest(items) ?? 0;
  const seen = useRef(newest);
  if (atEnd && visible) seen.current = newest;
  const reading = atEnd && visible;
  const { id, unread } = room;
  useEffect(() => {
    if (reading && unread > 0) void session.markRead(id).catch(() => undefined);
  }, [session, id, reading, unread, newest]);
  return seen.current;
}
