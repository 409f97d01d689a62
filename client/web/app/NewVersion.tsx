/** A newer build waits: one sentence and one button, for when it suits. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { startServiceWorker, takeNewVersion, useNewVersion } from './new-version.ts';
import './new-version.css';

export function NewVersion() {
  const { t } = useTranslation();
  useEffect(startServiceWorker, []);
  if (!useNewVersion()) return null;
  return (
    <div className="new-version" role="status" data-testid="new-version">
      <p>{t('app.newVersion')}</p>
      <Button weight="plain" onPress={takeNewVersion}>
        {t('app.takeVersion')}
      </Button>
    </div>
  );
}
