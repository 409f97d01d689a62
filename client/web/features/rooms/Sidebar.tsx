/** Hub and connection on top, rooms below, people and the rest at the foot. On a phone it is the screen of rooms. */
import { Bookmark, LockKeyhole, Megaphone, MessageSquareText, Plus, Search, Settings2, UserRoundPlus, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as Pressable } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigation, type Place, type PlainScreen } from '../../app/navigation.tsx';
import { useAct, useOverview, useRequests, useRooms } from '../../app/session-context.tsx';
import { KEYS } from '../../app/shortcuts.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useBoardNews } from '../boards/use-boards.ts';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';
import { ConnectionState } from '../connection/ConnectionState.tsx';
import { RoomLink } from './RoomLink.tsx';
import './sidebar.css';

interface Props {
  /** On a phone: the only thing on the screen, and so its main part. */
  readonly alone: boolean;
  readonly onCreate: () => void;
  readonly onFind: () => void;
}

export function Sidebar({ alone, onCreate, onFind }: Props) {
  const { t } = useTranslation();
  const { hubName } = useOverview();
  const lock = useAct((session) => session.lock());
  const Root = alone ? 'main' : 'div';
  return (
    <Root className="sidebar">
      <header className="sidebar-head">
        <div className="sidebar-hub">
          <h1 className="sidebar-name" dir="auto">
            {hubName}
          </h1>
          <ConnectionState />
        </div>
        <IconButton label={t('nav.lock')} keys={KEYS.lock} onPress={() => void lock.run()}>
          <LockKeyhole size={19} />
        </IconButton>
      </header>
      {alone ? <ConnectionBanner /> : null}
      <SearchEntry />
      <nav className="sidebar-rooms" aria-label={t('nav.rooms')}>
        {alone ? null : <Announced />}
        <Kept />
        <div className="sidebar-section">
          <h2 className="section-title">{t('rooms.title')}</h2>
          <IconButton label={t('nav.findRoom')} keys={KEYS.find} onPress={onFind}>
            <Search size={18} />
          </IconButton>
          <IconButton label={t('nav.newRoom')} onPress={onCreate}>
            <Plus size={20} />
          </IconButton>
        </div>
        <RoomList alone={alone} onCreate={onCreate} />
      </nav>
      {alone ? null : <Foot />}
    </Root>
  );
}

const BELOW: readonly Place['screen'][] = ['announcement', 'boards', 'desk', 'writing'];

/** Comes before the rooms. On a phone the bottom bar leads there. */
function Announced() {
  const { t } = useTranslation();
  const { unread } = useBoardNews();
  const mark = unread === 0 ? undefined : <Count shown={unread > 99 ? '99+' : String(unread)} words={t('boards.unread', { count: unread })} />;
  return <FootLink screen="announcements" also={BELOW} icon={<Megaphone size={19} />} label={t('boards.title')} mark={mark} />;
}

function Count({ shown, words }: { readonly shown: string; readonly words: string }) {
  return (
    <>
      <span aria-hidden="true">{shown}</span>
      <span className="hidden-words">{words}</span>
    </>
  );
}

/** What a person follows and keeps, from all rooms. */
function Kept() {
  const { t } = useTranslation();
  const threads = useRooms().value?.reduce((sum, room) => sum + room.threadsUnread, 0) ?? 0;
  return (
    <>
      <FootLink screen="threads" icon={<MessageSquareText size={19} />} label={t('threads.all')} mark={threads > 0 ? (threads > 99 ? '99+' : String(threads)) : undefined} />
      <FootLink screen="saved" icon={<Bookmark size={19} />} label={t('threads.saved')} />
    </>
  );
}

/** Looks like the field it leads to. */
function SearchEntry() {
  const { t } = useTranslation();
  const { place, open } = useNavigation();
  return (
    <div className="side-search-row">
      <Pressable className="side-search" {...(place.screen === 'search' ? { 'aria-current': 'page' as const } : {})} onPress={() => open({ screen: 'search' })}>
        <Search size={17} aria-hidden="true" />
        <span>{t('search.open')}</span>
        <kbd aria-hidden="true">{KEYS.search}</kbd>
      </Pressable>
    </div>
  );
}

function RoomList({ alone, onCreate }: Pick<Props, 'alone' | 'onCreate'>) {
  const { t } = useTranslation();
  const { arriving } = useOverview();
  const rooms = useRooms();
  if (rooms.failure !== undefined && !rooms.value) return <Problem code={rooms.failure} />;
  if (!rooms.value) return null;
  // Beside the middle of the screen, which says it with its button, a word is enough; rooms that are on the way are told of above.
  if (rooms.value.length === 0 && arriving !== undefined) return null;
  if (rooms.value.length === 0 && !alone) return <p className="sidebar-none">{t('rooms.emptyTitle')}</p>;
  if (rooms.value.length === 0)
    return (
      <Empty
        title={t('rooms.emptyTitle')}
        action={
          <Button weight="primary" onPress={onCreate}>
            {t('rooms.create')}
          </Button>
        }
      >
        {t('rooms.empty')}
      </Empty>
    );
  return (
    <ul>
      {rooms.value.map((room) => (
        <RoomLink key={room.id} room={room} />
      ))}
    </ul>
  );
}

function Foot() {
  const { t } = useTranslation();
  const { mayInvite } = useOverview();
  const waiting = (useRequests().value?.length ?? 0) > 0;
  return (
    <nav className="sidebar-foot" aria-label={t('nav.main')}>
      <FootLink screen="people" icon={<UsersRound size={19} />} label={t('nav.people')} />
      {mayInvite ? (
        <FootLink screen="invite" icon={<UserRoundPlus size={19} />} label={t('nav.invite')} mark={waiting ? t('invite.requests') : undefined} />
      ) : null}
      <FootLink screen="settings" icon={<Settings2 size={19} />} label={t('nav.settings')} />
    </nav>
  );
}

interface FootProps {
  readonly screen: PlainScreen | 'announcements';
  readonly icon: ReactNode;
  readonly label: string;
  readonly mark?: ReactNode;
  /** Screens one comes to from there. */
  readonly also?: readonly Place['screen'][];
}

function FootLink({ screen, icon, label, mark, also = [] }: FootProps) {
  const { place, open } = useNavigation();
  const here = place.screen === screen;
  return (
    <Pressable className="side-link" {...(here ? { 'aria-current': 'page' as const } : also.includes(place.screen) ? { 'aria-current': true } : {})} onPress={() => here || open({ screen })}>
      {icon}
      <span>{label}</span>
      {mark === undefined ? null : <span className="side-mark">{mark}</span>}
    </Pressable>
  );
}
