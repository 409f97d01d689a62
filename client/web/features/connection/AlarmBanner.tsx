/** What somebody has to know about their hub: one sentence, and one button that puts it away for good. */
import { TriangleAlert } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { Name } from '../../components/Name.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import './connection.css';

const CompareDialog = lazy(() => import('../repair/CompareDialog.tsx'));

export function AlarmBanner() {
  const { t } = useTranslation();
  const [alarm] = useOverview().alarms;
  const [comparing, setComparing] = useState(false);
  const understood = useAct((session, id: string) => session.dismissAlarm(id));
  if (alarm === undefined) return null;
  return (
    <div className="connection connection-alarm" role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <p>
        <Sentence text={t(`alarm.${alarm.what}`, gaps('by'))} parts={{ by: alarm.by ? <Name person={alarm.by} /> : null }} />
      </p>
      <span className="connection-acts">
        {alarm.what === 'forked' ? (
          <Button weight="plain" onPress={() => setComparing(true)}>
            {t('repair.compare')}
          </Button>
        ) : null}
        <Button weight="plain" isPending={understood.pending} onPress={() => void understood.run(alarm.id)}>
          {t('alarm.understood')}
        </Button>
      </span>
      <Later over>{comparing ? <CompareDialog onClose={() => setComparing(false)} /> : null}</Later>
    </div>
  );
}
