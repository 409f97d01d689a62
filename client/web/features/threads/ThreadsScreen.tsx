/** The threads this person follows, what is unread first. */
import { MessageSquareText } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ThreadSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { Screen } from '../../app/Screen.tsx';
import { useLive, useRooms } from '../../app/session-context.tsx';
import { shortTime } from '../../app/times.ts';
import { Empty } from '../../components/Empty.tsx';
import { Name } from '../../components/Name.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { QuoteWords } from '../timeline/QuoteLine.tsx';
import { useNames } from '../timeline/names.ts';
import './threads.css';

export function ThreadsScreen() {
  const { t } = useTranslation();
  const threads = useLive('threads', 'threads', (session) => session.threads());
  return (
    <Screen title={t('threads.all')} below>
      <Problem code={threads.failure} />
      {threads.value === undefined && threads.failure === undefined ? <Spinner /> : null}
      {threads.value?.length === 0 ? (
        <Empty icon={<MessageSquareText size={28} />} title={t('threads.emptyTitle')}>
          {t('threads.empty')}
        </Empty>
      ) : (
        <ul className="placed">
          {threads.value?.map((thread) => (
            <ThreadItem key={`${thread.room} ${thread.root.id}`} thread={thread} />
          ))}
        </ul>
      )}
    </Screen>
  );
}

function ThreadItem({ thread }: { readonly thread: ThreadSummary }) {
  const { t, i18n } = useTranslation();
  const { open } = useNavigation();
  const room = useRooms().value?.find(({ id }) => id === thread.room);
  const names = useNames(thread.writers);
  const place = thread.root.place;
  return (
    <li>
      <Button className="placed-item" data-testid="thread-item" onPress={() => place && open({ screen: 'room', room: thread.room, pane: { what: 'thread', thread: place } })}>
        <span className="placed-head">
          <span className="placed-sender">
            <Name person={thread.root.sender} />
          </span>
          <bdi className="placed-room">{room?.name}</bdi>
          <time className="placed-time">{shortTime(thread.lastAt, i18n.language)}</time>
        </span>
        <QuoteWords quote={thread.root} />
        <span className="placed-foot">
          {t('threads.replies', { count: thread.replies })}
          {thread.writers.length > 0 ? <span className="placed-names">{names}</span> : null}
          {thread.unread > 0 ? (
            <span className="room-link-unread" data-mentions={thread.mentions > 0 || undefined}>
              <span aria-hidden="true">{thread.unread > 99 ? '99+' : thread.unread}</span>
              <span className="hidden-words">{t('nav.unread', { count: thread.unread })}</span>
            </span>
          ) : null}
        </span>
      </Button>
    </li>
  );
}
