/** One message: who, what, when, and how it stands with the sending. */
import { Check, Clock3, RotateCw } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { clock, fullTime, showable } from '../../app/times.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Name } from '../../components/Name.tsx';
import { MessageBody } from './MessageBody.tsx';
import type { MessageItem } from './rows.ts';

interface Props {
  readonly item: MessageItem;
  readonly first: boolean;
  readonly last: boolean;
  readonly room: RoomId;
  /** What is written here waits for the half minute. */
  readonly quiet: boolean;
}

export const Message = memo(function Message({ item, first, last, room, quiet }: Props) {
  const { t, i18n } = useTranslation();
  const { sender, at, state } = item;
  const own = sender.isMe;
  const time = clock(at, i18n.language);
  return (
    <article
      className={`message ${own ? 'message-own' : 'message-other'}${first ? ' message-first' : ''}${last ? ' message-last' : ''}`}
      aria-label={t('timeline.messageFrom', { name: own ? t('common.youTag') : sender.name, time })}
      data-testid="message"
      data-id={item.id}
      data-seq={item.seq}
      data-state={state}
      data-own={own}
    >
      {own ? null : <div className="message-face">{first ? <Avatar id={sender.id} name={sender.name} /> : null}</div>}
      <div className="message-column">
        {first && !own ? (
          <p className="message-sender">
            <Name person={sender} />
          </p>
        ) : null}
        <div className="message-bubble">
          <MessageBody item={item} room={room} />
          <span className="message-time">
            {quiet && state === 'sending' ? <span>{t('timeline.leavesSoon')}</span> : null}
            <time dateTime={new Date(showable(at)).toISOString()} title={fullTime(at, i18n.language)}>
              {time}
            </time>
            {own && state !== 'failed' ? <Mark state={state} /> : null}
          </span>
        </div>
        {state === 'failed' ? <Failed item={item} room={room} /> : null}
      </div>
    </article>
  );
}, sameMessage);

/** Every reading of the page makes new objects of the same messages; most rows need not draw again. */
function sameMessage(a: Props, b: Props): boolean {
  const [x, y] = [a.item, b.item];
  return (
    a.first === b.first && a.last === b.last && a.room === b.room && a.quiet === b.quiet && x.id === y.id && x.state === y.state && x.seq === y.seq &&
    x.text === y.text && x.at === y.at && x.sender.name === y.sender.name && x.sender.ambiguous === y.sender.ambiguous &&
    (x.file === undefined) === (y.file === undefined)
  );
}

/** A tick for what the server has taken, a clock for what is still here. */
function Mark({ state }: { readonly state: 'sending' | 'sent' }) {
  const { t } = useTranslation();
  const Icon = state === 'sent' ? Check : Clock3;
  return <Icon className="message-mark" size={14} strokeWidth={2.4} role="img" aria-label={t(`timeline.${state}`)} />;
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
