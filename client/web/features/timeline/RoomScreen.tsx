/** One room: its head with the fact of who can read it, the timeline, the composer, and the pane of its people. */
import { ChevronLeft, UsersRound } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomId, RoomSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useRooms } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { Composer } from '../composer/Composer.tsx';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';
import { RoomPeople } from '../people/RoomPeople.tsx';
import { TimelineView } from './TimelineView.tsx';
import './room.css';

export function RoomScreen({ room: id, pane }: { readonly room: RoomId; readonly pane: boolean }) {
  const { place, open, replace, back } = useNavigation();
  const rooms = useRooms().value;
  const room = rooms?.find((known) => known.id === id);
  const gone = rooms !== undefined && room === undefined;
  useEffect(() => {
    if (gone) replace({ screen: 'rooms' });
  }, [gone, replace]);
  if (!room) return null;
  const togglePane = () => {
    if (place.screen !== 'room') return;
    if (pane) back();
    else open({ ...place, pane: true });
  };
  return (
    <div className="room" data-pane={pane}>
      <section className="room-main" aria-label={room.name}>
        <Head room={room} pane={pane} onPane={togglePane} onBack={back} />
        <ConnectionBanner />
        <TimelineView room={room} onAdd={togglePane} />
        <Composer room={room} />
      </section>
      {pane ? <RoomPeople room={room} onClose={togglePane} /> : null}
    </div>
  );
}

interface HeadProps {
  readonly room: RoomSummary;
  readonly pane: boolean;
  readonly onPane: () => void;
  readonly onBack: () => void;
}

function Head({ room, pane, onPane, onBack }: HeadProps) {
  const { t } = useTranslation();
  return (
    <header className="bar">
      <span className="bar-back">
        <IconButton label={t('common.back')} onPress={onBack}>
          <ChevronLeft size={24} className="turn-rtl" />
        </IconButton>
      </span>
      <div className="bar-words">
        <ScreenTitle>
          <bdi>{room.name}</bdi>
        </ScreenTitle>
        <p className="bar-fact" data-testid="room-fact">
          {room.active ? t('room.onlyPeople', { count: room.people }) : t('rooms.past')}
        </p>
      </div>
      <IconButton label={t('room.openPeople')} onPress={onPane} aria-expanded={pane}>
        <UsersRound size={21} />
      </IconButton>
    </header>
  );
}
