/** In the settings: when the last backup was made, a calm word where one is due, and the button that makes one. */
import { Archive } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupState } from '#core/session/api.ts';
import { DAY_MS } from '#shared/ids.ts';
import { useLive } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { Problem } from '../../components/Problem.tsx';
import './backup.css';

const MakeBackup = lazy(() => import('./MakeBackup.tsx'));

export function BackupSection() {
  const { t } = useTranslation();
  const { value: state, failure, refresh } = useLive('backup', 'overview', (session) => session.backupState());
  const [making, setMaking] = useState(false);
  const close = () => {
    setMaking(false);
    refresh();
  };
  return (
    <>
      <p className="settings-help">{t('backup.lead')}</p>
      {state === undefined ? null : <Standing state={state} />}
      <Problem code={failure} />
      <div className="settings-act">
        <Button weight={state?.due ? 'primary' : 'quiet'} icon={<Archive size={17} />} onPress={() => setMaking(true)}>
          {t('backup.make')}
        </Button>
      </div>
      <Later over>{making ? <MakeBackup onClose={close} /> : null}</Later>
    </>
  );
}

function Standing({ state: { lastDay, due } }: { readonly state: BackupState }) {
  const { t, i18n } = useTranslation();
  const date = lastDay === undefined ? '' : new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeZone: 'UTC' }).format(lastDay * DAY_MS);
  return (
    <p className={due ? 'backup-due' : undefined} data-testid="backup-state" data-due={due}>
      {lastDay === undefined ? t('backup.none') : due ? t('backup.old', { date }) : t('backup.last', { date })}
    </p>
  );
}
