/** Until the engine answers. Quick starts show nothing; slow ones say why. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Gate } from '../components/Gate.tsx';
import { Spinner } from '../components/Spinner.tsx';

const SLOW_MS = 600;
const ASLEEP_MS = 6000;

export function Splash({ broken }: { readonly broken: Promise<void> }) {
  const { t } = useTranslation();
  const [state, setState] = useState<'quick' | 'slow' | 'asleep' | 'broken'>('quick');
  useEffect(() => {
    const slow = setTimeout(() => setState((old) => (old === 'quick' ? 'slow' : old)), SLOW_MS);
    const asleep = setTimeout(() => void led().then((ours) => setState((old) => (old === 'slow' && !ours ? 'asleep' : old))), ASLEEP_MS);
    void broken.then(() => setState('broken'));
    return () => {
      clearTimeout(slow);
      clearTimeout(asleep);
    };
  }, [broken]);

  const reload = (
    <Button weight="primary" onPress={() => location.reload()}>
      {t('app.reload')}
    </Button>
  );
  if (state === 'broken') return <Gate title={t('app.cannotStart')} lead={t('app.cannotStartHelp')} children={reload} />;
  if (state === 'asleep') return <Gate title={t('app.asleep')} lead={t('app.asleepHelp')} children={reload} />;
  return (
    <main className="gate" aria-busy="true">
      <p className="gate-status gate-center" role="status">
        {state === 'slow' ? (
          <>
            <Spinner /> {t('app.opening')}
          </>
        ) : null}
      </p>
    </main>
  );
}

/** Whether this tab waits for another one: its request for the lock is then still pending. */
async function led(): Promise<boolean> {
  const { pending = [] } = await navigator.locks.query();
  return pending.length === 0;
}
