/** What is to be known of an announcement before one reads it: in words, calmly; one colour for what is urgent only. */
import { CalendarDays, Pin, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AnnouncementText } from '#core/session/api.ts';

interface Props {
  readonly of: Pick<AnnouncementText, 'priority' | 'pinned'> & { readonly expired?: boolean; readonly corrected?: unknown; readonly event?: unknown };
}

export function Signs({ of }: Props) {
  const { t } = useTranslation();
  const { priority, pinned, expired, corrected, event } = of;
  if (priority === 'normal' && !pinned && expired !== true && corrected === undefined && event === undefined) return null;
  return (
    <span className="signs">
      {priority === 'urgent' ? (
        <span className="sign sign-urgent">
          <TriangleAlert size={14} aria-hidden="true" /> {t('boards.urgent')}
        </span>
      ) : null}
      {priority === 'important' ? <span className="sign sign-important">{t('boards.important')}</span> : null}
      {event === undefined ? null : (
        <span className="sign">
          <CalendarDays size={14} aria-hidden="true" /> {t('boards.event')}
        </span>
      )}
      {pinned ? (
        <span className="sign">
          <Pin size={14} aria-hidden="true" /> {t('boards.pinned')}
        </span>
      ) : null}
      {corrected === undefined ? null : <span className="sign">{t('boards.corrected')}</span>}
      {expired === true ? <span className="sign">{t('boards.expired')}</span> : null}
    </span>
  );
}
