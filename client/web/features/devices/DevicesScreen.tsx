/** One's own devices: which there are, bringing in another one, and taking one out. */
import { useTranslation } from 'react-i18next';
import { Screen } from '../../app/Screen.tsx';
import { useLive } from '../../app/session-context.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { DeviceLine } from './DeviceLine.tsx';
import { Linking } from './Linking.tsx';
import './devices.css';

export function DevicesScreen() {
  const { t } = useTranslation();
  const { value: devices, failure } = useLive('devices', 'devices', (session) => session.devices());
  return (
    <Screen title={t('devices.title')} below>
      <p className="page-lead">{t('devices.openHelp')}</p>
      <Linking />
      <section className="section" aria-label={t('devices.list')}>
        <h2 className="section-title">{t('devices.list')}</h2>
        <Problem code={failure} />
        {devices === undefined && failure === undefined ? (
          <p className="devices-loading" role="status">
            <Spinner />
            {t('common.loading')}
          </p>
        ) : null}
        <ul className="card devices-list">
          {devices?.map((device) => (
            <DeviceLine key={device.id} device={device} />
          ))}
        </ul>
      </section>
    </Screen>
  );
}
