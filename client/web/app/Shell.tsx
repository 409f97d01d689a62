/** The open app: sidebar, the middle, and a pane; on a phone one of them at a time over a bottom bar. */
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Later } from '../components/Later.tsx';
import { Following } from '../features/marks/following.tsx';
import { ViewerHost } from '../features/media/ViewerHost.tsx';
import { PeopleScreen } from '../features/people/PeopleScreen.tsx';
import { CreateRoom } from '../features/rooms/CreateRoom.tsx';
import { NoRoom } from '../features/rooms/NoRoom.tsx';
import { Sidebar } from '../features/rooms/Sidebar.tsx';
import { RoomScreen } from '../features/timeline/RoomScreen.tsx';
import { useArrived } from './arrived.ts';
import { BottomBar } from './BottomBar.tsx';
import { AnnouncementScreen, AnnouncementsScreen, BoardsScreen, DeskScreen, DevicesScreen, fetchLater, InviteScreen, KeysDialog, Notify, RoomSwitcher, SavedScreen, SearchScreen, SettingsScreen, ThreadsScreen, WritingScreen } from './later.ts';
import { Mishap } from './Mishap.tsx';
import { NavigationProvider, useNavigation } from './navigation.tsx';
import { usePreferences } from './preferences.ts';
import { useRooms, useSession } from './session-context.tsx';
import { useShortcuts } from './shortcuts.ts';
import { useNarrow } from './use-narrow.ts';
import './shell.css';

export function Shell() {
  return (
    <NavigationProvider>
      <Following>
        <Frame />
      </Following>
    </NavigationProvider>
  );
}

type Asking = 'nothing' | 'create' | 'find' | 'keys';

function Frame() {
  const { t } = useTranslation();
  const { place, open, replace } = useNavigation();
  const [asking, setAsking] = useState<Asking>('nothing');
  const narrow = useNarrow();
  const home = place.screen === 'rooms';
  const { notify, badge } = usePreferences();
  useEffect(fetchLater, []);
  const arrived = useArrived() !== undefined;
  useEffect(() => {
    if (arrived) open({ screen: 'boards' });
  }, [arrived, open]);
  const close = () => setAsking('nothing');
  const goTo = (room: string) => {
    close();
    const go = () => (place.screen === 'room' ? replace : open)({ screen: 'room', room });
    // The dialog gives the focus back a frame after it is gone; only then can the composer keep it.
    requestAnimationFrame(() => requestAnimationFrame(go));
  };
  return (
    <div className="shell" data-screen={place.screen}>
      <Keys ask={setAsking} />
      {narrow ? null : (
        <a className="shell-skip" href="#middle" onClick={skip}>
          {t('nav.skip')}
        </a>
      )}
      {narrow && !home ? null : <Sidebar alone={narrow} onCreate={() => setAsking('create')} onFind={() => setAsking('find')} />}
      {narrow && home ? null : (
        <main className="shell-middle" id="middle" tabIndex={-1}>
          <Mishap place={place.screen === 'room' ? place.room : place.screen === 'announcement' ? place.id : place.screen}>
            <Later>
              <Middle onCreate={() => setAsking('create')} />
            </Later>
          </Mishap>
        </main>
      )}
      <BottomBar />
      <ViewerHost />
      <CreateRoom open={asking === 'create'} onClose={close} onCreated={goTo} />
      <Later over>{asking === 'find' ? <RoomSwitcher open onClose={close} onPick={goTo} /> : null}</Later>
      <Suspense>{notify === 'off' && badge === 'off' ? null : <Notify />}</Suspense>
      <Later over>{asking === 'keys' ? <KeysDialog onClose={close} /> : null}</Later>
    </div>
  );
}

/** A plain jump would put `#middle` into the address bar, where links are looked for. */
const skip = (event: React.MouseEvent): void => {
  event.preventDefault();
  document.getElementById('middle')?.focus();
};

function Middle({ onCreate }: { readonly onCreate: () => void }) {
  const { place } = useNavigation();
  switch (place.screen) {
    case 'rooms':
      return <NoRoom onCreate={onCreate} />;
    case 'room':
      return <RoomScreen key={place.room} place={place} />;
    case 'announcements':
      return <AnnouncementsScreen place={place} />;
    case 'announcement':
      return <AnnouncementScreen key={place.id} place={place} />;
    case 'boards':
      return <BoardsScreen />;
    case 'desk':
      return <DeskScreen key={place.board} place={place} />;
    case 'writing':
      return <WritingScreen key={`${place.board} ${place.draft} ${place.corrects}`} place={place} />;
    case 'threads':
      return <ThreadsScreen />;
    case 'saved':
      return <SavedScreen />;
    case 'search':
      return <SearchScreen place={place} />;
    case 'people':
      return <PeopleScreen />;
    case 'invite':
      return <InviteScreen />;
    case 'devices':
      return <DevicesScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
}

/** Follows the rooms, which the frame around everything does not. */
function Keys({ ask }: { readonly ask: (what: 'find' | 'keys') => void }) {
  const session = useSession();
  const { place, open, replace, back } = useNavigation();
  const rooms = useRooms().value ?? [];
  useShortcuts({
    find: () => ask('find'),
    keys: () => ask('keys'),
    search: () => {
      if (place.screen === 'search') return false;
      open({ screen: 'search', ...(place.screen === 'room' && { looking: { text: '', room: place.room } }) });
      return true;
    },
    lock: () => void session.lock().catch(() => undefined),
    step: (by) => {
      if (rooms.length === 0) return;
      const here = place.screen === 'room' ? rooms.findIndex((room) => room.id === place.room) : by === 1 ? -1 : 0;
      const next = rooms[(here + by + rooms.length) % rooms.length];
      if (next) (place.screen === 'room' ? replace : open)({ screen: 'room', room: next.id });
    },
    close: () => {
      if (place.screen === 'room' && place.pane) replace({ screen: 'room', room: place.room });
      else if (place.screen !== 'room' && place.screen !== 'rooms') back();
    },
  });
  return null;
}
