/** The session for every component below, and the hooks that read it and act on it. */
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Overview, Session, SessionEvent, SessionFailureCode } from '#core/session/api.ts';
import { Drafts, type Begun } from '../features/composer/drafts.ts';
import { forgetUsed } from '../features/emoji/used.ts';
import { forgetFaces } from '../features/people/faces.ts';
import { Recent } from '../features/search/recent.ts';
import { codeOf, keepFresh } from './live.ts';

const SessionContext = createContext<Session | undefined>(undefined);
/** Values already read, so that coming back to a screen shows them at once. Goes away with the keys. */
const SeenContext = createContext<Map<string, Shared<unknown>>>(new Map());
const OverviewContext = createContext<Overview | undefined>(undefined);

export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Mounted only while the session is open: what was read is dropped with it. */
export function OpenSession({ overview, children }: { readonly overview: Overview; readonly children: ReactNode }) {
  const [seen] = useState(() => new Map<string, Shared<unknown>>());
  const [drafts] = useState(() => new Map<string, Begun>());
  useEffect(() => forgetUsed, []);
  useEffect(() => forgetFaces, []);
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

/** Lists are looked at, not watched: however much happens, they are read this often at most. */
const REST_MS = 120;
/**
 * `key` names what is read, `changed` the event that makes it stale. Whoever asks for the same key reads it together.
 * @param load undefined while nobody needs it: then it is not followed, and the value is what was read last
 */
export function useLive<T>(key: string, changed: Changed, load: ((session: Session) => Promise<T>) | undefined): Live<T> {
  const session = useSession();
  const seen = useContext(SeenContext);
  const live = sharedFor<T>(seen, key);
  if (load !== undefined) live.load = load;
  const wanted = load !== undefined;
  const subscribe = useCallback((listener: () => void) => (wanted ? live.follow(session, changed, listener) : () => undefined), [live, session, changed, wanted]);
  const { value, failure } = useSyncExternalStore(subscribe, live.snapshot);
  return { value, failure, refresh: live.refresh };
}

function sharedFor<T>(seen: Map<string, Shared<unknown>>, key: string): Shared<T> {
  let shared = seen.get(key);
  if (!shared) seen.set(key, (shared = new Shared<unknown>()));
  return shared as Shared<T>;
}

/** One reading for everybody who shows it. What was read stays when nobody does. */
class Shared<T> {
  load: (session: Session) => Promise<T> = () => Promise.reject(new Error('nothing to load'));
  readonly #listeners = new Set<() => void>();
  #state: { readonly value: T | undefined; readonly failure: SessionFailureCode | undefined } = { value: undefined, failure: undefined };
  #fresh: { refresh: () => void; stop: () => void } | undefined;

  readonly snapshot = () => this.#state;
  readonly refresh = (): void => this.#fresh?.refresh();

  follow(session: Session, changed: Changed, listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#fresh ??= keepFresh<T>(session, {
      load: (live) => this.load(live),
      changedBy: (event) => event.changed === changed,
      onValue: (value) => this.#tell({ value, failure: undefined }),
      onFailure: (failure) => this.#tell({ value: this.#state.value, failure }),
      rest: REST_MS,
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#fresh?.stop();
      this.#fresh = undefined;
    };
  }
  #tell(state: { readonly value: T | undefined; readonly failure: SessionFailureCode | undefined }): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
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
