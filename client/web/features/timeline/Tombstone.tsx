import { Ban } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';
import { Name } from '../../components/Name.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import type { MessageItem } from './rows.ts';

/** Where a message was that somebody deleted for everybody. */
export function Tombstone({ item, by }: { readonly item: MessageItem; readonly by: Person }) {
  const { t } = useTranslation();
  return (
    <p className="message-gone" data-testid="tombstone">
      <Ban size={15} aria-hidden="true" />
      <span>
        {by.isMe ? t('timeline.deletedByMe') : by.id === item.sender.id ? t('timeline.deleted') : <Sentence text={t('timeline.deletedBy', gaps('name'))} parts={{ name: <Name person={by} /> }} />}
      </span>
    </p>
  );
}
