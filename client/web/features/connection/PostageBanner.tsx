/** What stands in the way of sending although there is a connection: no postage until a day, or none that could be trusted. */
import { Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useOverview } from '../../app/session-context.tsx';
import { dayAndHour } from '../../app/times.ts';
import './connection.css';

export function PostageBanner() {
  const { t, i18n } = useTranslation();
  const { postage } = useOverview();
  if (postage === undefined || (postage.problem === undefined && !postage.waiting)) return null;
  const words = {
    'other-key': () => t('connection.otherKey'),
    'other-week': () => t('connection.otherWeek'),
    'used-up': () => t('connection.postageUsedUp', { when: dayAndHour(postage.renewsAt, i18n.language) }),
  };
  return (
    <div className="connection" data-testid="postage" role="status">
      <Stamp size={18} aria-hidden="true" />
      <p>{words[postage.problem ?? 'used-up']()}</p>
    </div>
  );
}
