import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { daysAgo, longDay } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { EventLine } from './EventLine.tsx';
import { Message } from './Message.tsx';
import type { Row } from './rows.ts';

interface Props {
  readonly row: Row;
  readonly room: RoomSummary;
  readonly empty: boolean;
  readonly onAdd: () => void;
}

export function TimelineRow({ row, room, empty, onAdd }: Props) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'beginning':
      return row.loading ? (
        <p className="older" role="status">
          <Spinner /> {t('timeline.loadingOlder')}
        </p>
      ) : (
        <Beginning room={room} empty={empty} onAdd={onAdd} />
      );
    case 'day':
      return <Day day={row.day} />;
    case 'new':
      return (
        <p className="divider divider-new">
          <span>{t('timeline.newHere')}</span>
        </p>
      );
    case 'event':
      return <EventLine event={row.item.event} seq={row.item.seq} />;
    case 'message':
      return <Message item={row.item} first={row.first} last={row.last} room={room.id} quiet={room.quiet} />;
  }
}

function Day({ day }: { readonly day: number }) {
  const { t, i18n } = useTranslation();
  const ago = daysAgo(day);
  return (
    <p className="divider">
      <span>{ago === 0 ? t('timeline.today') : ago === 1 ? t('timeline.yesterday') : longDay(day, i18n.language)}</span>
    </p>
  );
}

/** The first row of all: where the room begins, and who can read it. */
function Beginning({ room, empty, onAdd }: { readonly room: RoomSummary; readonly empty: boolean; readonly onAdd: () => void }) {
  const { t } = useTranslation();
  const alone = room.people === 1;
  return (
    <div className="beginning">
      <p className="beginning-title">
        <bdi>{t('room.start', { room: room.name })}</bdi>
      </p>
      {room.active ? <p>{t('room.onlyPeople', { count: room.people })}</p> : null}
      {empty || alone ? <p>{alone ? t('room.emptyAlone') : t('room.empty')}</p> : null}
      {alone && room.admin ? (
        <Button weight="primary" onPress={onAdd}>
          {t('room.addSomebody')}
        </Button>
      ) : null}
    </div>
  );
}
