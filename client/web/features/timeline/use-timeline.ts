/** One room's timeline: the newest page, kept fresh, with older ones in front as far as somebody has scrolled. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RoomId, Session, SessionFailureCode } from '#core/session/api.ts';
import { codeOf, keepFresh } from '../../app/live.ts';
import { useSession } from '../../app/session-context.tsx';
import { highest, oldestSeq, touches, withBetween, withNewest, withOlder, type Loaded } from './merge.ts';

const PAGE = 60;
const NOTHING: Loaded = { items: [], more: false };

export interface Timeline extends Loaded {
  /** False until the first page is here. */
  readonly ready: boolean;
  readonly failure: SessionFailureCode | undefined;
  readonly loadOlder: () => void;
}

export function useTimeline(room: RoomId): Timeline {
  const session = useSession();
  const [loaded, setLoaded] = useState<Loaded>();
  const [failure, setFailure] = useState<SessionFailureCode>();
  const latest = useRef<Loaded>(NOTHING);
  const older = useRef(false);
  const keep = useCallback((next: Loaded) => {
    latest.current = next;
    setLoaded(next);
    setFailure(undefined);
  }, []);

  useEffect(() => {
    const { stop } = keepFresh<(old: Loaded) => Loaded>(session, {
      load: (live) => newest(live, room, latest.current),
      changedBy: (event) => event.changed === 'timeline' && event.room === room,
      // Older pages may have come in front while this one was read: it goes over what is there now.
      onValue: (over) => keep(over(latest.current)),
      onFailure: setFailure,
    });
    return stop;
  }, [session, room, keep]);

  const loadOlder = useCallback(() => {
    const before = oldestSeq(latest.current);
    if (older.current || !latest.current.more || before === undefined) return;
    older.current = true;
    session
      .timeline(room, { before, limit: PAGE })
      .then((page) => keep(withOlder(latest.current, page)), (error: unknown) => setFailure(codeOf(error)))
      .finally(() => {
        older.current = false;
      });
  }, [session, room, keep]);

  return { ...(loaded ?? NOTHING), ready: loaded !== undefined, failure, loadOlder };
}

/** Reads the newest page and, when more than a page is new, what lies between it and what is loaded. */
async function newest(session: Session, room: RoomId, loaded: Loaded): Promise<(old: Loaded) => Loaded> {
  const page = await session.timeline(room, { limit: PAGE });
  if (touches(loaded, page)) return (old) => withNewest(old, page);
  const between = await session.timelineSince(room, highest(loaded.items) ?? 0);
  return (old) => withNewest(withBetween(old, between), page);
}
