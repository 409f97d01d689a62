/** The bytes of a file of an announcement, asked for when somebody wants them, and given up with the screen that asked. */
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { BoardId, SessionFailureCode } from '#core/session/api.ts';
import { codeOf } from '../../app/live.ts';
import { useSession } from '../../app/session-context.tsx';
import { useProgress } from '../files/use-progress.ts';

export interface Attached {
  readonly bytes: Blob | undefined;
  readonly pending: boolean;
  /** Whole hundredths; undefined before anything is known. */
  readonly progress: number | undefined;
  readonly failure: SessionFailureCode | undefined;
  /** @returns the bytes, or undefined where they did not come */
  readonly fetch: () => Promise<Blob | undefined>;
}

export function useAttached(board: BoardId, handle: string): Attached {
  const session = useSession();
  const transfer = useId() + handle.slice(0, 32);
  const progress = useProgress(transfer);
  const [state, setState] = useState<Pick<Attached, 'bytes' | 'pending' | 'failure'>>({ bytes: undefined, pending: false, failure: undefined });
  const asked = useRef<Promise<Blob | undefined>>(undefined);
  const fetch = useCallback(() => {
    if (asked.current !== undefined) return asked.current;
    setState({ bytes: undefined, pending: true, failure: undefined });
    asked.current = session.fetchAttached(board, handle, transfer).then(
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
    return asked.current;
  }, [session, board, handle, transfer]);
  useEffect(() => () => void session.cancelTransfer(transfer).catch(() => undefined), [session, transfer]);
  return { ...state, progress, fetch };
}
