/** A message out of its place: a few of its words, which lead to it, and a way to let go of it. */
import { BookmarkX, PinOff } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PlacedMessage } from '#core/session/api.ts';
import { useNavigation, type Place } from '../../app/navigation.tsx';
import { useAct, useRooms } from '../../app/session-context.tsx';
import { shortTime } from '../../app/times.ts';
import { IconButton } from '../../components/Button.tsx';
import { Name } from '../../components/Name.tsx';
import { QuoteWords } from '../timeline/QuoteLine.tsx';
import '../threads/threads.css';

/** Where a message stands, for going there. */
export function wayTo({ room, thread, item }: PlacedMessage): Place {
  if (thread !== undefined) return { screen: 'room', room, pane: { what: 'thread', thread, at: item.seq } };
  return { screen: 'room', room, at: item.seq };
}

interface Props {
  readonly placed: PlacedMessage;
  readonly undo: 'bookmark' | 'pin';
}

export function PlacedLine({ placed, undo }: Props) {
  const { t, i18n } = useTranslation();
  const { open } = useNavigation();
  const { room, item } = placed;
  const name = useRooms().value?.find(({ id }) => id === room)?.name;
  const place = item.place;
  const release = useAct(async (session) => place && (undo === 'pin' ? session.pin(room, place, false) : session.bookmark(room, place, false)));
  return (
    <li className="placed-row">
      <Button className="placed-item" data-testid="placed" onPress={() => open(wayTo(placed))}>
        <span className="placed-head">
          <span className="placed-sender">
            <Name person={item.sender} />
          </span>
          {undo === 'bookmark' ? <bdi className="placed-room">{name}</bdi> : null}
          <time className="placed-time">{shortTime(item.at, i18n.language)}</time>
        </span>
        <QuoteWords quote={item.deletedBy === undefined ? item : { text: undefined, file: undefined }} />
      </Button>
      {undo === 'pin' && !item.may.pin ? null : (
        <IconButton label={undo === 'pin' ? t('timeline.unpin') : t('timeline.unsave')} isPending={release.pending} onPress={() => void release.run()}>
          {undo === 'pin' ? <PinOff size={18} /> : <BookmarkX size={18} />}
        </IconButton>
      )}
    </li>
  );
}
