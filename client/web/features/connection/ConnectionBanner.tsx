/** What is worth a line on top: an alarm, and how it stands with the server (offline, or catching up for a while). */
import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ProgressBar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAct, useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { OwnDevicesBanner } from '../devices/OwnDevicesBanner.tsx';
import { AlarmBanner } from './AlarmBanner.tsx';
import { PostageBanner } from './PostageBanner.tsx';
import './connection.css';

/** A short blink of the connection is nobody's business. */
const PATIENCE_MS = 1000;

export function ConnectionBanner() {
  return (
    <>
      <AlarmBanner />
      <OwnDevicesBanner />
      <Standing />
    </>
  );
}

function Standing() {
  const { t } = useTranslation();
  const { connection, catchUp, entering, waitingForNeighbour, postsThrough } = useOverview();
  const nudge = useAct((session) => session.nudge());
  const lasting = useLasting(connection);
  const away = useLasting(waitingForNeighbour ? 'away' : 'online');
  useNudgeWhenBack(nudge.run);
  if (lasting === 'offline')
    return (
      <div className="connection connection-offline" role="status">
        <CloudOff size={18} aria-hidden="true" />
        <p>{t('connection.offlineBanner')}</p>
        <Button weight="plain" isPending={nudge.pending} onPress={() => void nudge.run()}>
          {t('connection.retryNow')}
        </Button>
      </div>
    );
  if (entering)
    return (
      <div className="connection" data-testid="entering" role="status">
        <Spinner />
        <p>{t('connection.enteringBanner')}</p>
      </div>
    );
  if (lasting === 'catching-up' && catchUp && catchUp.total > 0) {
    const share = Math.min(100, (100 * catchUp.done) / catchUp.total);
    return (
      <ProgressBar className="connection" aria-label={t('connection.catchUpBanner')} value={share}>
        <p>{t('connection.catchUpBanner')}</p>
        <span className="connection-count">{t('connection.catchUpProgress', { done: catchUp.done, total: catchUp.total })}</span>
        <span className="connection-progress">
          <span style={{ inlineSize: `${share}%` }} />
        </span>
      </ProgressBar>
    );
  }
  if (away === 'away')
    return (
      <div className="connection connection-offline" role="status">
        <CloudOff size={18} aria-hidden="true" />
        <p>{t('connection.neighbourBanner', { host: postsThrough })}</p>
        <Button weight="plain" isPending={nudge.pending} onPress={() => void nudge.run()}>
          {t('connection.retryNow')}
        </Button>
      </div>
    );
  return <PostageBanner />;
}

/** The state once it has lasted; `online` at once, since good news need no patience. */
function useLasting<State extends string>(state: State): State | 'online' {
  const [lasting, setLasting] = useState<State | 'online'>('online');
  useEffect(() => {
    const timer = setTimeout(() => setLasting(state), state === 'online' ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return state === 'online' ? 'online' : lasting;
}

/** The browser often knows before the socket does that the network is back. */
function useNudgeWhenBack(nudge: () => Promise<unknown>): void {
  useEffect(() => {
    const back = (): void => void nudge();
    addEventListener('online', back);
    return () => removeEventListener('online', back);
  }, [nudge]);
}
