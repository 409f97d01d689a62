import { useEffect, useState } from 'react';
import type { TransferId } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';

/** How much of a file has been sent or saved, in whole hundredths; undefined before anything was said of it. */
export function useProgress(transfer: TransferId): number | undefined {
  const session = useSession();
  const [percent, setPercent] = useState<number>();
  useEffect(
    () =>
      session.subscribe((event) => {
        if (event.changed === 'transfer' && event.transfer === transfer) setPercent(event.total === 0 ? 100 : Math.floor((event.done / event.total) * 100));
      }),
    [session, transfer],
  );
  return percent;
}
