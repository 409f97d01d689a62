import { AtSign, BellOff } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useOverview } from '../../app/session-context.tsx';
import { shortTime } from '../../app/times.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { directionOf } from '../../i18n/direction.ts';
import { plainWords } from '../marks/plain-words.ts';

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
            <span className="room-link-name" dir="auto">
              {room.name}
            </span>
            {room.last ? <time className="room-link-time">{shortTime(room.last.at, i18n.language)}</time> : null}
          </span>
          <span className="room-link-line">
            <LastWords room={room} here={here} />
            {room.notify === 'nothing' ? <BellOff className="room-link-muted" size={14} role="img" aria-label={t('people.notifyNothing')} /> : null}
            {room.mentions > 0 ? (
              <span className="room-link-unread room-link-mention">
                <AtSign size={13} role="img" aria-label={t('nav.mentions', { count: room.mentions })} />
              </span>
            ) : null}
            {room.unread > 0 ? (
              <span className="room-link-unread" data-quiet={room.notify !== 'all' || undefined}>
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

function LastWords({ room, here }: { readonly room: RoomSummary; readonly here: boolean }) {
  const { t } = useTranslation();
  const { me } = useOverview();
  if (!room.active) return <span className="room-link-last">{t('rooms.past')}</span>;
  if (room.draft !== undefined && room.draft !== '' && !here)
    return (
      <span className="room-link-last" dir={directionOf(room.draft)}>
        <span className="room-link-draft">{t('rooms.draft')}</span> <bdi>{plainWords(room.draft)}</bdi>
      </span>
    );
  if (!room.last) return <span className="room-link-last">{t('rooms.noMessages')}</span>;
  const { sender, text } = room.last;
  const said = sender === me?.name ? t('rooms.you', gaps('text')) : t('rooms.they', gaps('name', 'text'));
  return (
    <span className="room-link-last" dir={directionOf(text)}>
      <Sentence text={said} parts={{ name: <bdi>{sender}</bdi>, text: <bdi>{plainWords(text)}</bdi> }} />
    </span>
  );
}
