/** The nearest things to do with a message, beside it while it is pointed at or has the focus. */
import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { actionsFor, KEY_OF, type Action } from '../talk/actions.ts';
import type { Talk } from '../talk/talk-context.tsx';
import type { MessageItem } from './rows.ts';

interface Props {
  readonly item: MessageItem;
  readonly talk: Talk;
  readonly article: RefObject<HTMLElement | null>;
}

export function MessageTools({ item, talk, article }: Props) {
  const { t } = useTranslation();
  const may = actionsFor(item, talk.room, talk.thread !== undefined);
  if (may.length === 0) return null;
  const act = (action: Action) => talk.act(action, item, article.current ?? undefined);
  return (
    <div className="message-tools" role="group" aria-label={t('timeline.tools')}>
      {may.includes('react') ? (
        <IconButton label={t('timeline.react')} keys={KEY_OF.react ?? ''} onPress={() => act('react')}>
          <SmilePlus size={18} />
        </IconButton>
      ) : null}
      {may.includes('reply') ? (
        <IconButton label={t('timeline.reply')} keys={KEY_OF.reply ?? ''} onPress={() => act('reply')}>
          <Reply size={18} className="turn-rtl" />
        </IconButton>
      ) : null}
      <IconButton label={t('timeline.more')} onPress={() => act('menu')}>
        <Ellipsis size={18} />
      </IconButton>
    </div>
  );
}
