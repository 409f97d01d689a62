/** What stands in the way of sending although there is a connection: no postage until a day, or for a moment, or none that could be trusted. */
import { Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useOverview } from '../../app/session-context.tsx';
import { dayAndHour } from '../../app/times.ts';
import './connection.css';

export function PostageBanner() {
  const { t, i18n } = useTranslation();
  const { postage } = useOverview();
  const what = postage?.problem ?? (postage?.waiting ? 'used-up' : postage?.soon ? 'soon' : undefined);
  if (postage === undefined || what === undefined) return null;
  const words = {
    'other-key': () => t('connection.otherKey'),
    'other-week': () => t('connection.otherWeek'),
    soon: () => t('connection.postageSoon'),
    'used-up': () => t('connection.postageUsedUp', { when: dayAndHour(postage.renewsAt, i18n.language) }),
  };
  return (
    <div className="connection" data-testid="postage" role="status">
      <Stamp size={18} aria-hidden="true" />
      <p>{words[what]()}</p>
    </div>
  );
}
