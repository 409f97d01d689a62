import { MessageSquareText } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem, ThreadState } from '#core/session/api.ts';
import { shortTime } from '../../app/times.ts';
import { Face } from '../people/Face.tsx';
import { useTalk } from '../talk/talk-context.tsx';

/** Under a message that has a thread: who wrote there, how much, when last, and whether something is unread. */
export function ThreadLine({ item, thread }: { readonly item: MessageItem; readonly thread: ThreadState }) {
  const { t, i18n } = useTranslation();
  const talk = useTalk();
  if (thread.replies === 0 || talk?.thread !== undefined) return null;
  return (
    <Button className="thread-line" data-testid="thread-line" data-unread={thread.unread} onPress={() => talk?.act('thread', item)}>
      {thread.writers.length > 0 ? (
        <span className="thread-faces">
          {thread.writers.slice(0, 3).map((person) => (
            <Face key={person.id} person={person} size="s" />
          ))}
        </span>
      ) : (
        <MessageSquareText size={16} aria-hidden="true" />
      )}
      <span className="thread-count">{t('threads.replies', { count: thread.replies })}</span>
      <span className="thread-last">{t('threads.last', { time: shortTime(thread.lastAt, i18n.language) })}</span>
      {thread.unread > 0 ? (
        <>
          <span className="thread-dot" data-mentions={thread.mentions > 0 || undefined} />
          <span className="hidden-words">{t('nav.unread', { count: thread.unread })}</span>
        </>
      ) : null}
    </Button>
  );
}
