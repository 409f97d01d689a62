/** What may be told, and what each choice lets be seen. The browser is asked here, when somebody chooses it, and nowhere else. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setPreferences, usePreferences, type Badge, type NotifyLevel } from '../../app/preferences.ts';
import { Choice } from '../../components/Choice.tsx';
import { canNotify, mayNotify } from './shown.ts';

const HELP = { off: 'notify.offHelp', bare: 'notify.bareHelp', names: 'notify.namesHelp', text: 'notify.textHelp' } as const satisfies Record<NotifyLevel, string>;

export function NotifyChoices() {
  const { t } = useTranslation();
  const { notify, badge } = usePreferences();
  const [refused, setRefused] = useState(() => canNotify() && Notification.permission === 'denied');
  const value = mayNotify() ? notify : 'off';
  const levels: readonly { value: NotifyLevel; label: string }[] = [
    { value: 'off', label: t('notify.off') },
    { value: 'bare', label: t('notify.bare') },
    { value: 'names', label: t('notify.names') },
    { value: 'text', label: t('notify.text') },
  ];
  const badges: readonly { value: Badge; label: string }[] = [
    { value: 'off', label: t('notify.badgeOff') },
    { value: 'dot', label: t('notify.badgeDot') },
    { value: 'number', label: t('notify.badgeNumber') },
  ];
  const pick = async (level: NotifyLevel): Promise<void> => {
    const allowed = level === 'off' || (await Notification.requestPermission()) === 'granted';
    setRefused(!allowed);
    setPreferences({ notify: allowed ? level : 'off' });
  };
  return (
    <>
      {canNotify() ? <Choice label={t('notify.level')} help={t(HELP[value])} value={value} options={levels} onChange={(level) => void pick(level)} /> : <p className="settings-help">{t('notify.cannot')}</p>}
      {refused ? (
        <p className="settings-help" role="status">
          {t('notify.refused')}
        </p>
      ) : null}
      <p className="settings-help">{t('notify.never')}</p>
      <Choice label={t('notify.badge')} help={t('notify.badgeHelp')} value={badge} options={badges} onChange={(chosen) => setPreferences({ badge: chosen })} />
    </>
  );
}
