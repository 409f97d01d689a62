import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useOverview } from '../../app/session-context.tsx';
import { shortTime } from '../../app/times.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';

/** One room of the list: its name, what was said last, and whether something is unread. */
export function RoomLink({ room }: { readonly room: RoomSummary }) {
  const { t, i18n } = useTranslation();
  const { place, open, replace } = useNavigation();
  const here = place.screen === 'room' && place.room === room.id;
  const go = () => here || (place.screen === 'room' ? replace : open)({ screen: 'room', room: room.id });
  return (
    <li>
      <Button className="room-link" {...(here ? { 'aria-current': 'page' as const } : {})} onPress={go} data-testid="room-link" data-room={room.id} data-unread={room.unread}>
        <Avatar id={room.id} name={room.name} />
        <span className="room-link-words">
          <span className="room-link-line">
            <span className="room-link-name">
              <bdi>{room.name}</bdi>
            </span>
            {room.last ? <time className="room-link-time">{shortTime(room.last.at, i18n.language)}</time> : null}
          </span>
          <span className="room-link-line">
            <LastWords room={room} />
            {room.unread > 0 ? (
              <span className="room-link-unread">
                <span aria-hidden="true">{room.unread > 99 ? '99+' : room.unread}</span>
                <span className="hidden-words">{t('nav.unread', { count: room.unread })}</span>
              </span>
            ) : null}
          </span>
        </span>
      </Button>
    </li>
  );
}

function LastWords({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const { me } = useOverview();
  if (!room.active) return <span className="room-link-last">{t('rooms.past')}</span>;
  if (!room.last) return <span className="room-link-last">{t('rooms.noMessages')}</span>;
  const { sender, text } = room.last;
  const said = sender === me?.name ? t('rooms.you', gaps('text')) : t('rooms.they', gaps('name', 'text'));
  return (
    <span className="room-link-last">
      <Sentence text={said} parts={{ name: <bdi>{sender}</bdi>, text: <bdi>{text}</bdi> }} />
    </span>
  );
}
