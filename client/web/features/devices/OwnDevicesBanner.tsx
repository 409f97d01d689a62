/** What somebody has to know of this device: that their rooms are on the way, or that it was removed. */
import { MonitorOff, MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { useProgress } from '../files/use-progress.ts';
import { EraseDialog } from '../unlock/EraseDialog.tsx';
import '../connection/connection.css';

export function OwnDevicesBanner() {
  const { removedHere, arriving } = useOverview();
  if (removedHere) return <Removed />;
  if (arriving === undefined) return <PastComing />;
  return <Arriving done={arriving.done} total={arriving.total} />;
}

function Arriving({ done, total }: { readonly done: number; readonly total: number }) {
  const { t } = useTranslation();
  return (
    <div className="connection" role="status" data-testid="arriving">
      <MonitorSmartphone size={18} aria-hidden="true" />
      <p>{t('devices.arriving', { done, total })}</p>
    </div>
  );
}

/** The engine says how far it is; nothing is shown before it begins or after it has ended. */
function PastComing() {
  const { t } = useTranslation();
  const percent = useProgress('history') ?? 100;
  if (percent >= 100) return null;
  return (
    <div className="connection" role="status" data-testid="past-coming">
      <MonitorSmartphone size={18} aria-hidden="true" />
      <p>{t('devices.pastComing', { percent })}</p>
    </div>
  );
}

function Removed() {
  const { t } = useTranslation();
  const [erasing, setErasing] = useState(false);
  return (
    <div className="connection connection-alarm" role="alert" data-testid="removed-here">
      <MonitorOff size={18} aria-hidden="true" />
      <p>{t('devices.removedHere')}</p>
      <Button weight="plain" onPress={() => setErasing(true)}>
        {t('devices.removedErase')}
      </Button>
      <EraseDialog open={erasing} onClose={() => setErasing(false)} />
    </div>
  );
}
