/** One room: its head with the fact of who can read it, the timeline, the composer, and a pane beside them. */
import { memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { Later } from '../../components/Later.tsx';
import { BackButton } from '../../app/BackButton.tsx';
import { useNavigation, type Place, type RoomPane } from '../../app/navigation.tsx';
import { useRooms } from '../../app/session-context.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { Composer } from '../composer/Composer.tsx';
import { TalkProvider } from '../talk/talk-context.tsx';
import { RoomBanners } from './RoomBanners.tsx';
import { RoomPanes } from './RoomPanes.tsx';
import { RoomTools } from './RoomTools.tsx';
import { TimelineView } from './TimelineView.tsx';
import { alike } from './window.ts';
import './room.css';

export function RoomScreen({ place }: { readonly place: Extract<Place, { screen: 'room' }> }) {
  const { open, replace, back } = useNavigation();
  const rooms = useRooms().value;
  const room = rooms?.find((known) => known.id === place.room);
  const gone = rooms !== undefined && room === undefined;
  useEffect(() => {
    if (gone) replace({ screen: 'rooms' });
  }, [gone, replace]);
  const still = useStill(room);
  if (!room || !still) return null;
  const { pane } = place;
  /** One pane takes the place of another; the first is a step that leads back. */
  const show = (next: RoomPane['what'] & ('people' | 'pins')) => {
    if (pane?.what === next) back();
    else (pane === undefined ? open : replace)({ screen: 'room', room: room.id, pane: { what: next } });
  };
  return (
    <div className="room" data-pane={pane !== undefined}>
      <section className="room-main" aria-label={room.name}>
        <Head room={still} pane={pane} onPane={show} />
        <Banners room={still} />
        <TalkProvider room={still}>
          <TimelineView room={still} unread={room.unread} readTo={room.readTo} target={place} onAdd={() => show('people')} />
          <Below room={still} />
        </TalkProvider>
      </section>
      <Later over>{pane === undefined ? null : <RoomPanes room={room} pane={pane} onClose={back} />}</Later>
    </div>
  );
}

const Banners = memo(RoomBanners);
const Below = memo(Composer);

/** The room as it is but for what every message changes: the same object until something else is other than it was. */
function useStill(room: RoomSummary | undefined): RoomSummary | undefined {
  const still = useRef(room);
  if (!alike(settled(still.current), settled(room))) still.current = room;
  return still.current;
}
const settled = (room: RoomSummary | undefined) => room && { ...room, last: undefined, unread: 0, mentions: 0, threadsUnread: 0, readTo: 0 };

interface HeadProps {
  readonly room: RoomSummary;
  readonly pane: RoomPane | undefined;
  readonly onPane: (what: 'people' | 'pins') => void;
}

function Head({ room, pane, onPane }: HeadProps) {
  const { t } = useTranslation();
  return (
    <header className="bar">
      <BackButton />
      <div className="bar-words">
        <ScreenTitle>{room.name}</ScreenTitle>
        <p className="bar-fact" data-testid="room-fact">
          {room.active ? t('room.onlyPeople', { count: room.people }) : t('rooms.past')}
        </p>
      </div>
      <RoomTools room={room} pane={pane} onPane={onPane} />
    </header>
  );
}
