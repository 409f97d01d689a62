/** The session for every component below, and the hooks that read it and act on it. */
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import type { Overview, Session, SessionEvent, SessionFailureCode } from '#core/session/api.ts';
import { Drafts, type Begun } from '../features/composer/drafts.ts';
import { forgetUsed } from '../features/emoji/used.ts';
import { Recent } from '../features/search/recent.ts';
import { codeOf, keepFresh } from './live.ts';

const SessionContext = createContext<Session | undefined>(undefined);
/** Values already read, so that coming back to a screen shows them at once. Goes away with the keys. */
const SeenContext = createContext<Map<string, unknown>>(new Map());
const OverviewContext = createContext<Overview | undefined>(undefined);

export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Mounted only while the session is open: what was read is dropped with it. */
export function OpenSession({ overview, children }: { readonly overview: Overview; readonly children: ReactNode }) {
  const [seen] = useState(() => new Map<string, unknown>());
  const [drafts] = useState(() => new Map<string, Begun>());
  useEffect(() => forgetUsed, []);
  const [recent] = useState((): string[] => []);
  return (
    <SeenContext value={seen}>
      <OverviewContext value={overview}>
        <Drafts value={drafts}>
          <Recent value={recent}>{children}</Recent>
        </Drafts>
      </OverviewContext>
    </SeenContext>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session above this component');
  return session;
}

/** The overview of the open session. */
export function useOverview(): Overview {
  const overview = useContext(OverviewContext);
  if (!overview) throw new Error('no open session above this component');
  return overview;
}

export interface Live<T> {
  readonly value: T | undefined;
  readonly failure: SessionFailureCode | undefined;
  readonly refresh: () => void;
}

type Changed = SessionEvent['changed'];

/** `key` names what is read, `changed` the event that makes it stale. */
export function useLive<T>(key: string, changed: Changed, load: (session: Session) => Promise<T>): Live<T> {
  const session = useSession();
  const seen = useContext(SeenContext);
  const [state, setState] = useState<{ key: string; value: T | undefined; failure: SessionFailureCode | undefined }>();
  const refresh = useRef<() => void>(() => undefined);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    const fresh = keepFresh<T>(session, {
      load: (live) => loader.current(live),
      changedBy: (event) => event.changed === changed,
      onValue: (value) => {
        seen.set(key, value);
        setState({ key, value, failure: undefined });
      },
      onFailure: (failure) => setState((old) => ({ key, value: old?.key === key ? old.value : undefined, failure })),
    });
    refresh.current = fresh.refresh;
    return fresh.stop;
  }, [session, seen, key, changed]);

  const known = state?.key === key ? state : undefined;
  return {
    value: known?.value ?? (seen.get(key) as T | undefined),
    failure: known?.failure,
    refresh: useCallback(() => refresh.current(), []),
  };
}

export type Outcome = SessionFailureCode | 'done';

export interface Act<Args extends readonly unknown[]> {
  /** Resolves with how it failed, or with `done`. Never rejects. */
  readonly run: (...args: Args) => Promise<Outcome>;
  readonly pending: boolean;
  readonly failure: SessionFailureCode | undefined;
  readonly clear: () => void;
}

/** Something a person does: whether it is under way, and how it failed. */
export function useAct<Args extends readonly unknown[]>(action: (session: Session, ...args: Args) => Promise<unknown>): Act<Args> {
  const session = useSession();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<SessionFailureCode>();
  const latest = useRef(action);
  latest.current = action;
  const run = useCallback(
    async (...args: Args): Promise<Outcome> => {
      setPending(true);
      setFailure(undefined);
      try {
        await latest.current(session, ...args);
        return 'done';
      } catch (error) {
        const code = codeOf(error);
        setFailure(code);
        return code;
      } finally {
        setPending(false);
      }
    },
    [session],
  );
  return { run, pending, failure, clear: useCallback(() => setFailure(undefined), []) };
}

export const useRooms = () => useLive('rooms', 'rooms', (session) => session.rooms());
export const usePeople = () => useLive('people', 'people', (session) => session.people());
export const useRequests = () => useLive('requests', 'requests', (session) => session.requests());
