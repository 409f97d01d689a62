/** One timeline for a screen: see timeline-store.ts. */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { MessagePlace, RoomId } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { TimelineStore, type Timeline } from './timeline-store.ts';

export type { Timeline };

export function useTimeline(room: RoomId, thread?: MessagePlace): { readonly timeline: Timeline; readonly store: TimelineStore } {
  const session = useSession();
  const { id, sender, seq } = thread ?? {};
  const store = useMemo(
    () => new TimelineStore(session, room, id === undefined || sender === undefined || seq === undefined ? undefined : { id, sender, seq }),
    [session, room, id, sender, seq],
  );
  useEffect(() => store.start(), [store]);
  return { timeline: useSyncExternalStore(store.subscribe, store.snapshot), store };
}
