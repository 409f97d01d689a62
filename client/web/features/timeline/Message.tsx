/** One message: who, what, when, what is said about it, and how it stands with the sending. */
import { Forward, RotateCw } from 'lucide-react';
import { memo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { clock } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Face } from '../people/Face.tsx';
import { Name } from '../../components/Name.tsx';
import { actionOf } from '../talk/actions.ts';
import { useTalk } from '../talk/talk-context.tsx';
import { useLongPress } from '../talk/use-long-press.ts';
import { ThreadLine } from '../threads/ThreadLine.tsx';
import { MessageBody } from './MessageBody.tsx';
import { MessageMeta } from './MessageMeta.tsx';
import { MessageTools } from './MessageTools.tsx';
import { QuoteLine } from './QuoteLine.tsx';
import { Reactions } from './Reactions.tsx';
import { Tombstone } from './Tombstone.tsx';
import type { MessageItem } from './rows.ts';
import './message.css';

interface Props {
  readonly item: MessageItem;
  readonly first: boolean;
  readonly last: boolean;
  readonly room: RoomId;
  /** What is written here waits for the half minute. */
  readonly quiet: boolean;
  /** It was just led to. */
  readonly lit?: boolean;
}

/** Items that did not change stay the same objects (window.ts): most rows need not draw again. */
export const Message = memo(function Message({ item, first, last, room, quiet, lit = false }: Props) {
  const { t, i18n } = useTranslation();
  const { sender, at, state } = item;
  const own = sender.isMe;
  const { tools, ...live } = useHands(item);
  return (
    <article
      className={`message ${own ? 'message-own' : 'message-other'}${first ? ' message-first' : ''}${last ? ' message-last' : ''}`}
      aria-label={t('timeline.messageFrom', { name: own ? t('common.youTag') : sender.name, time: clock(at, i18n.language) })}
      data-testid="message"
      data-id={item.id}
      data-seq={item.seq}
      data-state={state}
      data-own={own}
      data-lit={lit || undefined}
      data-names-me={item.namesMe || undefined}
      {...live}
    >
      {own ? null : <div className="message-face">{first ? <Face person={sender} /> : null}</div>}
      <div className="message-column">
        {first && !own ? (
          <p className="message-sender">
            <Name person={sender} />
          </p>
        ) : null}
        <div className="message-said">
          <Bubble item={item} room={room} quiet={quiet} />
          {tools}
        </div>
        {item.reactions.length > 0 ? <Reactions item={item} /> : null}
        {item.thread === undefined ? null : <ThreadLine item={item} thread={item.thread} />}
        {state === 'failed' ? <Failed item={item} room={room} /> : null}
      </div>
    </article>
  );
});

function Bubble({ item, room, quiet }: Pick<Props, 'item' | 'room' | 'quiet'>) {
  const { t } = useTranslation();
  return (
    <div className="message-bubble">
      {item.forwarded ? (
        <p className="message-forwarded">
          <Forward size={14} aria-hidden="true" className="turn-rtl" /> {t('timeline.forwarded')}
        </p>
      ) : null}
      {item.replyTo === undefined ? null : <QuoteLine quote={item.replyTo} />}
      {item.deletedBy === undefined ? <MessageBody item={item} room={room} /> : <Tombstone item={item} by={item.deletedBy} />}
      <MessageMeta item={item} quiet={quiet} />
    </div>
  );
}

/** What hands and keys do to a message. Its tools exist only while it is pointed at or holds the focus. */
function useHands(item: MessageItem) {
  const talk = useTalk();
  const article = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  const rest = useLongPress(() => talk?.act('menu', item, article.current ?? undefined));
  if (!talk) return { tools: null };
  const keyed = (event: KeyboardEvent<HTMLElement>): void => {
    const action = event.target === event.currentTarget ? actionOf(event) : undefined;
    if (action === undefined) return;
    event.preventDefault();
    talk.act(action, item, event.currentTarget);
  };
  return {
    ...rest,
    ref: article,
    tabIndex: -1,
    onKeyDown: keyed,
    onPointerEnter: (event: React.PointerEvent) => event.pointerType === 'mouse' && setNear(true),
    onPointerLeave: () => setNear(article.current?.contains(document.activeElement) ?? false),
    onFocus: () => setNear(true),
    onBlur: (event: FocusEvent<HTMLElement>) => event.currentTarget.contains(event.relatedTarget) || setNear(false),
    tools: near ? <MessageTools item={item} talk={talk} article={article} /> : null,
  };
}

function Failed({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  const { t } = useTranslation();
  const retry = useAct((session) => session.retry(room, item.id));
  return (
    <p className="message-failed" role="alert">
      {t('timeline.failed')}
      <Button weight="plain" icon={<RotateCw size={15} />} isPending={retry.pending} onPress={() => void retry.run()}>
        {t('timeline.retry')}
      </Button>
    </p>
  );
}
