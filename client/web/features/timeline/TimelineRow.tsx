import { lazy, useState, type ReactNode } from 'react';
import { Button as Pressable } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { daysAgo, longDay } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { EventLine } from './EventLine.tsx';
import { Message } from './Message.tsx';
import type { Row } from './rows.ts';

interface Props {
  readonly row: Row;
  readonly room: RoomSummary;
  readonly empty: boolean;
  readonly lit: boolean;
  readonly onAdd: () => void;
  /** Leads to a place of this timeline. */
  readonly onDay: (seq: number) => void;
  /** Instead of the words with which a room begins. */
  readonly beginning?: ReactNode;
}

export function TimelineRow({ row, room, empty, lit, onAdd, onDay, beginning }: Props) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'beginning':
      return row.loading ? (
        <p className="older" role="status">
          <Spinner /> {t('timeline.loadingOlder')}
        </p>
      ) : (
        (beginning ?? <Beginning room={room} empty={empty} onAdd={onAdd} />)
      );
    case 'day':
      return <Day day={row.day} room={room} onDay={onDay} />;
    case 'new':
      return (
        <p className="divider divider-new">
          <span>{t('timeline.newHere')}</span>
        </p>
      );
    case 'event':
      return <EventLine event={row.item.event} seq={row.item.seq} room={room} />;
    case 'message':
      return <Message item={row.item} first={row.first} last={row.last} room={room.id} quiet={room.quiet} lit={lit} />;
  }
}

const DayDialog = lazy(async () => ({ default: (await import('./DayDialog.tsx')).DayDialog }));

/** A day begins. A press asks for another day to go to. */
function Day({ day, room, onDay }: { readonly day: number; readonly room: RoomSummary; readonly onDay: (seq: number) => void }) {
  const { t, i18n } = useTranslation();
  const [asking, setAsking] = useState(false);
  const ago = daysAgo(day);
  return (
    <div className="divider">
      <Pressable className="divider-day" onPress={() => setAsking(true)}>
        {ago === 0 ? t('timeline.today') : ago === 1 ? t('timeline.yesterday') : longDay(day, i18n.language)}
      </Pressable>
      <Later over>{asking ? <DayDialog room={room.id} day={day} onClose={() => setAsking(false)} onDay={onDay} /> : null}</Later>
    </div>
  );
}

/** The first row of all: where the room begins. Who can read it stands in the room's head. */
function Beginning({ room, empty, onAdd }: { readonly room: RoomSummary; readonly empty: boolean; readonly onAdd: () => void }) {
  const { t } = useTranslation();
  const alone = room.people === 1;
  return (
    <div className="beginning">
      <p className="beginning-title">
        <bdi>{t('room.start', { room: room.name })}</bdi>
      </p>
      {empty || alone ? <p>{alone ? t('room.emptyAlone') : t('room.empty')}</p> : null}
      {alone && room.admin ? (
        <Button weight="primary" onPress={onAdd}>
          {t('room.addSomebody')}
        </Button>
      ) : null}
    </div>
  );
}
