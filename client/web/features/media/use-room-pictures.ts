/** The pictures of a room around one of them. */
import { useEffect, useState } from 'react';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { kindOf } from './kinds.ts';

/** Looks that are made for the one that is shown; further back there is the gallery. */
const MOST_LOOKS = 20;
/** Pictures behind the one that is shown that are known before one comes to the end. */
const AHEAD = 3;

const isPicture = ({ file }: MessageItem): boolean => file !== undefined && kindOf(file) === 'picture';

export function useRoomPictures(room: RoomId, shown: MessageItem): { before: MessageItem | undefined; after: MessageItem | undefined } {
  const session = useSession();
  /** Newest first. */
  const [items, setItems] = useState<readonly MessageItem[]>([]);
  const [next, setNext] = useState<number>();
  const [looks, setLooks] = useState(0);
  const at = items.findIndex(({ id, sender }) => id === shown.id && sender.id === shown.sender.id);
  const isShort = looks === 0 || (next !== undefined && looks < MOST_LOOKS && (at < 0 || at >= items.length - AHEAD));
  useEffect(() => {
    if (!isShort) return;
    let gone = false;
    void session.filesOf(room, next === undefined ? {} : { before: next }).then(
      (page) => {
        if (gone) return;
        setItems((old) => [...old, ...page.items.filter(isPicture)]);
        setNext(page.next);
        setLooks((count) => count + 1);
      },
      () => gone || setLooks(MOST_LOOKS),
    );
    return () => {
      gone = true;
    };
  }, [session, room, isShort, looks]);
  return at < 0 ? { before: undefined, after: undefined } : { before: items[at + 1], after: items[at - 1] };
}
