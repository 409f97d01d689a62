/** The small line at the end of a bubble: marks, whether it was edited, the time, and how far it has come. */
import { Bookmark, Check, CheckCheck, Clock3, Pin, Timer } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { clock, fullTime, machineTime } from '../../app/times.ts';
import { useTalk } from '../talk/talk-context.tsx';
import { useNames } from './names.ts';
import type { MessageItem } from './rows.ts';

export function MessageMeta({ item, quiet }: { readonly item: MessageItem; readonly quiet: boolean }) {
  const { t, i18n } = useTranslation();
  const { at, state } = item;
  const gone = item.deletedBy !== undefined;
  return (
    <span className="message-time">
      {item.pinned && !gone ? <Pin className="message-mark" size={13} role="img" aria-label={t('timeline.pinned')} /> : null}
      {item.bookmarked && !gone ? <Bookmark className="message-mark" size={13} role="img" aria-label={t('timeline.bookmarked')} /> : null}
      {item.vanishesAt !== undefined && !gone ? <Vanishing at={item.vanishesAt} /> : null}
      {item.edited && !gone ? <Edited item={item} /> : null}
      {quiet && state === 'sending' ? <span>{t('timeline.leavesSoon')}</span> : null}
      <time dateTime={machineTime(at)} title={fullTime(at, i18n.language)}>
        {clock(at, i18n.language)}
      </time>
      {item.sender.isMe && state !== 'failed' && !gone ? <Progress item={item} state={state} /> : null}
    </span>
  );
}

function Vanishing({ at }: { readonly at: number }) {
  const { t, i18n } = useTranslation();
  const words = t('roles.gone', { when: fullTime(at, i18n.language) });
  return (
    <span title={words} data-testid="vanishing">
      <Timer className="message-mark" size={13} role="img" aria-label={words} />
    </span>
  );
}

function Edited({ item }: { readonly item: MessageItem }) {
  const { t } = useTranslation();
  const talk = useTalk();
  if (!talk) return <span>{t('timeline.edited')}</span>;
  return (
    <Button className="message-edited" onPress={() => talk.act('history', item)}>
      {t('timeline.edited')}
      <span className="hidden-words">. {t('timeline.editedOpen')}</span>
    </Button>
  );
}

/** A clock for what is still here, a tick for what the server has taken, two for what somebody says to have read. */
function Progress({ item, state }: { readonly item: MessageItem; readonly state: 'sending' | 'sent' }) {
  const { t } = useTranslation();
  const readers = useNames(item.readBy);
  const read = item.readBy.length > 0;
  const label = read ? t('timeline.readBy', { names: readers }) : t(`timeline.${state}`);
  const Icon = read ? CheckCheck : state === 'sent' ? Check : Clock3;
  return (
    <span title={read ? label : undefined} data-read={read || undefined}>
      <Icon className="message-mark" size={14} strokeWidth={2.4} role="img" aria-label={label} />
    </span>
  );
}
