/** One timeline for a screen: see timeline-store.ts. */
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { MessagePlace, RoomId } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { TimelineStore, type Timeline } from './timeline-store.ts';

export type { Timeline };

/** @param from read up to there, and what follows is unread: it opens there. Undefined: it opens at the newest. */
export function useTimeline(room: RoomId, thread?: MessagePlace, from?: number): { readonly timeline: Timeline; readonly store: TimelineStore } {
  const session = useSession();
  const { id, sender, seq } = thread ?? {};
  const store = useMemo(
    () => new TimelineStore(session, room, id === undefined || sender === undefined || seq === undefined ? undefined : { id, sender, seq }),
    [session, room, id, sender, seq],
  );
  const first = useRef(from);
  useEffect(() => store.start(first.current), [store]);
  return { timeline: useSyncExternalStore(store.subscribe, store.snapshot), store };
}
