/** One thread beside its room: the message above it, what was answered, and a composer of its own. */
import { Bell, BellOff, X } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePlace, RoomSummary } from '#core/session/api.ts';
import { useAct, useLive } from '../../app/session-context.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Composer } from '../composer/Composer.tsx';
import { TalkProvider } from '../talk/talk-context.tsx';
import { Message } from '../timeline/Message.tsx';
import { TimelineView } from '../timeline/TimelineView.tsx';
import './threads.css';

interface Props {
  readonly room: RoomSummary;
  readonly thread: MessagePlace;
  readonly at?: number | undefined;
  readonly onClose: () => void;
}

export function ThreadPane({ room, thread: { id, sender, seq }, at, onClose }: Props) {
  const { t } = useTranslation();
  const thread = useMemo(() => ({ id, sender, seq }), [id, sender, seq]);
  const { value: found, failure } = useLive(`root-${room.id}-${id}`, 'messages', (session) => session.itemsAt(room.id, [seq]));
  const root = found?.find((item) => item.id === id);
  const state = root?.thread;
  const follow = useAct((session) => session.followThread(room.id, thread, state?.followed !== true));
  const target = useMemo(() => ({ at }), [at]);
  return (
    <aside className="pane pane-wide" aria-label={t('threads.title')} data-testid="thread">
      <header className="bar">
        <div className="bar-words">
          <ScreenTitle>{t('threads.title')}</ScreenTitle>
          <p className="bar-fact">
            <bdi>{room.name}</bdi>
          </p>
        </div>
        {state === undefined ? null : (
          <IconButton label={state.followed ? t('threads.unfollow') : t('threads.follow')} isPending={follow.pending} tone={state.followed ? 'on' : 'plain'} onPress={() => void follow.run()}>
            {state.followed ? <Bell size={19} /> : <BellOff size={19} />}
          </IconButton>
        )}
        <IconButton label={t('threads.close')} keys="Esc" onPress={onClose}>
          <X size={20} />
        </IconButton>
      </header>
      <TalkProvider room={room} thread={thread}>
        {found === undefined && failure === undefined ? (
          <div className="timeline" />
        ) : (
          <TimelineView
            room={room}
            thread={thread}
            unread={state?.unread ?? 0}
            readTo={state?.readTo ?? 0}
            target={target}
            onAdd={onClose}
            beginning={
              <div className="thread-root">
                {found === undefined ? null : root === undefined ? <p className="thread-gone">{t('threads.rootGone')}</p> : <Message item={root} first last room={room.id} quiet={room.quiet} />}
                <p className="divider">
                  <span>{state === undefined || state.replies === 0 ? t('threads.noReplies') : t('threads.replies', { count: state.replies })}</span>
                </p>
              </div>
            }
          />
        )}
        <Composer room={room} thread={thread} />
      </TalkProvider>
    </aside>
  );
}
