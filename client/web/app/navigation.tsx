/**
 * Where the person is. Kept in memory only: a room's id in the address bar would stay in the browser's history on the
 * disk. The history holds depths, so that the back gesture of a phone works.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { AnnouncementId, BoardId, MessagePlace, RoomId } from '#core/session/api.ts';
import type { Looking } from '../features/search/request.ts';

/** What stands beside a room's timeline; on a phone, in its place. */
export type RoomPane =
  | { readonly what: 'people' | 'pins' | 'files' }
  /** `at`: a message of the thread to be shown. */
  | { readonly what: 'thread'; readonly thread: MessagePlace; readonly at?: number | undefined };

export type Place =
  | { readonly screen: 'rooms' }
  /** `at`: the seq of a message to be shown. Each new place shows it again. */
  | { readonly screen: 'room'; readonly room: RoomId; readonly pane?: RoomPane | undefined; readonly at?: number | undefined }
  | { readonly screen: 'search'; readonly looking?: Looking | undefined }
  /** Of one board only; undefined: of all. */
  | { readonly screen: 'announcements'; readonly board?: BoardId | undefined }
  | { readonly screen: 'announcement'; readonly board: BoardId; readonly id: AnnouncementId }
  | { readonly screen: 'desk'; readonly board: BoardId }
  /** `draft`: what was begun is gone on with. `corrects`: an announcement that is to say something else. */
  | { readonly screen: 'writing'; readonly board: BoardId; readonly draft?: AnnouncementId | undefined; readonly corrects?: AnnouncementId | undefined }
  | { readonly screen: PlainScreen };
/** Screens that there is one of. */
export type PlainScreen = 'boards' | 'threads' | 'saved' | 'people' | 'invite' | 'settings' | 'devices';

interface Navigation {
  readonly place: Place;
  /** Goes deeper: back returns to where one is now. */
  readonly open: (place: Place) => void;
  /** Changes where one is without a step to go back over. */
  readonly replace: (place: Place) => void;
  readonly back: () => void;
}

const HOME: Place = { screen: 'rooms' };
const Context = createContext<Navigation | undefined>(undefined);

export function useNavigation(): Navigation {
  const navigation = useContext(Context);
  if (!navigation) throw new Error('no navigation above this component');
  return navigation;
}

const depthOf = (state: unknown): number =>
  typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number' ? state.depth : 0;

export function NavigationProvider({ children }: { readonly children: ReactNode }) {
  const [stack, setStack] = useState<readonly Place[]>([HOME]);
  useEffect(() => {
    // A reload lost the places; the depths the browser still remembers lead to the start.
    history.replaceState({ depth: 0 }, '');
    const pop = (event: PopStateEvent) => setStack((old) => old.slice(0, Math.max(1, depthOf(event.state) + 1)));
    addEventListener('popstate', pop);
    return () => removeEventListener('popstate', pop);
  }, []);

  const open = useCallback((place: Place) => {
    setStack((old) => [...old.slice(0, depthOf(history.state) + 1), place]);
    history.pushState({ depth: depthOf(history.state) + 1 }, '');
  }, []);
  const replace = useCallback((place: Place) => setStack((old) => [...old.slice(0, -1), place]), []);
  const back = useCallback(() => (depthOf(history.state) > 0 ? history.back() : setStack([HOME])), []);
  const place = stack.at(-1) ?? HOME;
  const value = useMemo(() => ({ place, open, replace, back }), [place, open, replace, back]);
  return <Context value={value}>{children}</Context>;
}
