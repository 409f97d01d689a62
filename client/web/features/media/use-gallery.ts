/** The files of a room, newest first, read back a stretch at a time, and kept fresh at its newest end. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MessageItem, RoomId, SessionFailureCode } from '#core/session/api.ts';
import { codeOf, keepFresh } from '../../app/live.ts';
import { useSession } from '../../app/session-context.tsx';

export interface Gallery {
  readonly items: readonly MessageItem[];
  /** There may be older ones. */
  readonly more: boolean;
  readonly ready: boolean;
  readonly failure: SessionFailureCode | undefined;
  readonly loadMore: () => void;
}

const keyOf = ({ id, sender }: MessageItem): string => `${sender.id} ${id}`;
const joined = (newer: readonly MessageItem[], older: readonly MessageItem[]): readonly MessageItem[] => {
  const known = new Set(newer.map(keyOf));
  return [...newer, ...older.filter((item) => !known.has(keyOf(item)))];
};

export function useGallery(room: RoomId): Gallery {
  const session = useSession();
  const [items, setItems] = useState<readonly MessageItem[]>([]);
  const [next, setNext] = useState<number>();
  const [ready, setReady] = useState(false);
  const [failure, setFailure] = useState<SessionFailureCode>();
  const reading = useRef(false);
  const begun = useRef(false);
  useEffect(
    () =>
      keepFresh(session, {
        load: (live) => live.filesOf(room),
        changedBy: (event) => (event.changed === 'timeline' || event.changed === 'messages') && event.room === room,
        onValue: (page) => {
          // What was deleted at the newest end goes; what lies further back stays as it was read.
          const oldest = page.items.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
          setItems((old) => joined(page.items, page.next === undefined ? [] : old.filter(({ seq }) => seq !== undefined && seq < oldest)));
          if (!begun.current) setNext(page.next);
          begun.current = true;
          setReady(true);
        },
        onFailure: setFailure,
      }).stop,
    [session, room],
  );
  const loadMore = useCallback(() => {
    if (reading.current || next === undefined) return;
    reading.current = true;
    session
      .filesOf(room, { before: next })
      .then(
        (page) => {
          setItems((old) => joined(old, page.items));
          setNext(page.next);
        },
        (error: unknown) => setFailure(codeOf(error)),
      )
      .finally(() => {
        reading.current = false;
      });
  }, [session, room, next]);
  return { items, more: next !== undefined, ready, failure, loadMore };
}
