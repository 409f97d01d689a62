/** The bytes of a file, asked for when somebody wants to see or hear it, and given up with the screen that asked. */
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { MessageItem, RoomId, SessionFailureCode } from '#core/session/api.ts';
import { codeOf } from '../../app/live.ts';
import { useSession } from '../../app/session-context.tsx';
import { useProgress } from '../files/use-progress.ts';
import { whereIs } from './viewing.ts';

export interface Fetched {
  readonly bytes: Blob | undefined;
  readonly pending: boolean;
  /** Whole hundredths; undefined before anything is known. */
  readonly progress: number | undefined;
  readonly failure: SessionFailureCode | undefined;
  /** @returns the bytes, or undefined where they did not come */
  readonly fetch: () => Promise<Blob | undefined>;
}

export function useFetched(room: RoomId, item: MessageItem): Fetched {
  const session = useSession();
  const transfer = useId() + item.id;
  const progress = useProgress(transfer);
  const [state, setState] = useState<Pick<Fetched, 'bytes' | 'pending' | 'failure'>>({ bytes: undefined, pending: false, failure: undefined });
  const asked = useRef<Promise<Blob | undefined>>(undefined);
  const here = useRef(item);
  here.current = item;
  const fetch = useCallback(() => {
    const asking =
      asked.current ??
      session.fetchFile(room, whereIs(here.current), transfer).then(
        (bytes) => {
          setState({ bytes, pending: false, failure: undefined });
          return bytes;
        },
        (error: unknown) => {
          asked.current = undefined;
          setState({ bytes: undefined, pending: false, failure: codeOf(error) });
          return undefined;
        },
      );
    if (asked.current === undefined) setState({ bytes: undefined, pending: true, failure: undefined });
    asked.current = asking;
    return asking;
  }, [session, room, transfer]);
  useEffect(() => () => void session.cancelTransfer(transfer).catch(() => undefined), [session, transfer]);
  return { ...state, progress, fetch };
}
