/** The phone's way around. Hidden on wide screens, and inside a room, where the composer has its place. */
import { MessagesSquare, Settings2, UserRoundPlus, UsersRound } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigation, type Place } from './navigation.tsx';
import { useOverview, useRequests, useRooms } from './session-context.tsx';
import './bottom-bar.css';

export function BottomBar() {
  const { t } = useTranslation();
  const { place, open } = useNavigation();
  const { mayInvite } = useOverview();
  const unread = useRooms().value?.some((room) => room.unread > 0) ?? false;
  const waiting = (useRequests().value?.length ?? 0) > 0;
  if (place.screen === 'room') return null;
  const item = (screen: Exclude<Place['screen'], 'room'>, label: string, icon: React.ReactNode, dot = false) => (
    <Button
      className="bottom-item"
      {...(place.screen === screen ? { 'aria-current': 'page' as const } : {})}
      onPress={() => place.screen === screen || open({ screen })}
    >
      <span className="bottom-icon">
        {icon}
        {dot ? <span className="dot" /> : null}
      </span>
      {label}
    </Button>
  );
  return (
    <nav className="bottom-bar" aria-label={t('nav.main')}>
      {item('rooms', t('nav.rooms'), <MessagesSquare size={21} />, unread)}
      {item('people', t('nav.people'), <UsersRound size={21} />)}
      {mayInvite ? item('invite', t('nav.invite'), <UserRoundPlus size={21} />, waiting) : null}
      {item('settings', t('nav.settings'), <Settings2 size={21} />)}
    </nav>
  );
}
