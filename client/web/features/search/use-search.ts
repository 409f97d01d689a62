/** Results as one types: one search at a time, the latest wins; what is shown stays until there is something better. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SearchHit, SearchPage, SessionFailureCode } from '#core/session/api.ts';
import { codeOf } from '../../app/live.ts';
import { useSession } from '../../app/session-context.tsx';
import { isNothing, requestOf, type Looking } from './request.ts';

/** Between the last letter and the search. */
const PAUSE_MS = 60;

export interface Results {
  readonly hits: readonly SearchHit[];
  readonly total: number | undefined;
  readonly more: boolean;
  readonly share: number;
  readonly unclear: readonly string[];
}
export interface Searching {
  /** Undefined while there is nothing to look for, and before the first answer. */
  readonly results: Results | undefined;
  readonly failure: SessionFailureCode | undefined;
  /** An answer is still to come. */
  readonly pending: boolean;
  readonly more: () => void;
}

const resultsOf = (page: SearchPage, before: readonly SearchHit[] = []): Results => ({
  hits: [...before, ...page.hits], total: page.total, more: page.cursor !== undefined, share: page.share, unclear: page.unclear,
});

export function useSearch(looking: Looking): Searching {
  const session = useSession();
  const [state, setState] = useState<Omit<Searching, 'more'>>({ results: undefined, failure: undefined, pending: false });
  const [again, setAgain] = useState(0);
  const cursor = useRef<string | undefined>(undefined);
  const share = state.results?.share ?? 1;
  const key = JSON.stringify(looking);

  useEffect(() => {
    const wanted = JSON.parse(key) as Looking;
    if (isNothing(wanted)) {
      setState({ results: undefined, failure: undefined, pending: false });
      return undefined;
    }
    let over = false;
    setState((old) => ({ ...old, pending: true }));
    const timer = setTimeout(() => {
      session.search(requestOf(wanted, Date.now())).then(
        (page) => {
          if (over) return;
          cursor.current = page.cursor;
          setState({ results: resultsOf(page), failure: undefined, pending: false });
        },
        (error: unknown) => {
          if (!over && codeOf(error) !== 'cancelled') setState((old) => ({ ...old, failure: codeOf(error), pending: false }));
        },
      );
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [session, key, again]);

  // While the device is still reading older messages, each stretch of them may bring something.
  useEffect(() => {
    if (share >= 1) return undefined;
    return session.subscribe((event) => event.changed === 'search' && setAgain((count) => count + 1));
  }, [session, share]);

  const more = useCallback(() => {
    const from = cursor.current;
    if (from === undefined) return;
    cursor.current = undefined;
    session.search(requestOf(JSON.parse(key) as Looking, Date.now()), { cursor: from }).then(
      (page) => {
        cursor.current = page.cursor;
        setState((old) => ({ ...old, results: resultsOf({ ...page, total: old.results?.total }, old.results?.hits) }));
      },
      () => (cursor.current = from),
    );
  }, [session, key]);
  return { ...state, more };
}
