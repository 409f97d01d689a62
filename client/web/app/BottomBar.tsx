/** The phone's way around. Hidden on wide screens, and inside a room, where the composer has its place. */
import { Megaphone, MessagesSquare, Settings2, UserRoundPlus, UsersRound } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { asksFor } from '../features/rooms/asking.ts';
import { useBoardNews } from '../features/boards/use-boards.ts';
import { useNavigation, type PlainScreen, type Place } from './navigation.tsx';
import { useOverview, useRequests, useRooms } from './session-context.tsx';
import './bottom-bar.css';

/** From which item one comes to a screen that has none of its own. */
const ABOVE: Readonly<Partial<Record<Place['screen'], Place['screen']>>> = { announcement: 'announcements', boards: 'announcements', desk: 'announcements', writing: 'announcements', search: 'rooms', threads: 'rooms', saved: 'rooms', devices: 'settings' };

export function BottomBar() {
  const { t } = useTranslation();
  const { place, open } = useNavigation();
  const { mayInvite } = useOverview();
  const { unread: announced } = useBoardNews();
  const rooms = useRooms().value ?? [];
  const unread = rooms.some(asksFor);
  const mentions = rooms.reduce((sum, room) => sum + (room.notify === 'nothing' ? 0 : room.mentions), 0);
  const waiting = (useRequests().value?.length ?? 0) > 0;
  if (place.screen === 'room') return null;
  const item = (screen: PlainScreen | 'rooms' | 'announcements', label: string, icon: React.ReactNode, dot = false, count = 0) => (
    <Button
      className="bottom-item"
      {...(place.screen === screen ? { 'aria-current': 'page' as const } : ABOVE[place.screen] === screen ? { 'aria-current': true } : {})}
      onPress={() => place.screen === screen || open({ screen })}
    >
      <span className="bottom-icon">
        {icon}
        {count > 0 ? (
          <span className="bottom-count">
            <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
            <span className="hidden-words">{t('nav.mentions', { count })}</span>
          </span>
        ) : dot ? (
          <span className="dot" />
        ) : null}
      </span>
      {label}
    </Button>
  );
  return (
    <nav className="bottom-bar" aria-label={t('nav.main')}>
      {item('announcements', t('boards.title'), <Megaphone size={21} />, announced > 0)}
      {item('rooms', t('nav.rooms'), <MessagesSquare size={21} />, unread, mentions)}
      {item('people', t('nav.people'), <UsersRound size={21} />)}
      {mayInvite ? item('invite', t('nav.invite'), <UserRoundPlus size={21} />, waiting) : null}
      {item('settings', t('nav.settings'), <Settings2 size={21} />)}
    </nav>
  );
}
