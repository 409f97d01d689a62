/** Notes what a person has really had before their eyes: in a page that is shown, in a window that has the focus. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { MessagePlace, RoomSummary, TimelineItem } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { highest } from './window.ts';

const onEyes = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener);
  addEventListener('focus', listener);
  addEventListener('blur', listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
    removeEventListener('focus', listener);
    removeEventListener('blur', listener);
  };
};
/** A window beside another one is seen, and nobody need be reading it. */
const isBeforeEyes = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

interface Given {
  readonly room: RoomSummary;
  readonly thread: MessagePlace | undefined;
  readonly unread: number;
  readonly items: readonly TimelineItem[];
  /** The newest is in view. */
  readonly atEnd: boolean;
  /** Seq of the last message that is whole in view. */
  readonly lowest: number;
  /** Read before it was opened. */
  readonly before: number | undefined;
}
/** However much comes, it is said this often at most: at the end, and on the way there, where one's other devices need not follow each step. */
const SAY_MS = 250;
const ON_THE_WAY_MS = 2_000;

/** Marks the room, or the thread, as read as far as it is in view. @returns the highest seq that was in view */
export function useReading({ room, thread, unread, items, atEnd, lowest, before }: Given): number {
  const session = useSession();
  const looking = useSyncExternalStore(onEyes, isBeforeEyes);
  const newest = highest(items) ?? 0;
  const seen = useRef(before ?? newest);
  if (looking) seen.current = Math.max(seen.current, atEnd ? newest : lowest);
  const saying = useRef<ReturnType<typeof setTimeout>>(undefined);
  const said = useRef(seen.current);
  const end = useRef(atEnd);
  end.current = atEnd;
  const { id } = room;
  const news = unread > 0 && looking && (atEnd || seen.current > said.current);
  const to = seen.current;
  useEffect(() => {
    if (!news || saying.current !== undefined) return;
    const say = () => {
      saying.current = undefined;
      said.current = seen.current;
      void (thread === undefined && end.current ? session.markRead(id) : session.markReadTo(id, seen.current, thread)).catch(() => undefined);
    };
    saying.current = setTimeout(say, atEnd ? SAY_MS : ON_THE_WAY_MS);
  }, [session, id, thread, news, atEnd, to]);
  return seen.current;
}
