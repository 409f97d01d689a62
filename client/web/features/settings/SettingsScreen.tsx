/** The few things a person can choose here, and the two that end something. */
import { LockKeyhole, MonitorSmartphone, Trash2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { keepStorage } from '../../app/keep-storage.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { setPreferences, usePreferences, type IdleMinutes, type Theme } from '../../app/preferences.ts';
import { useAct, useOverview } from '../../app/session-context.tsx';
import { KEYS } from '../../app/shortcuts.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';
import { LANGUAGES, languageOf, type Language } from '../../i18n/languages.ts';
import { Screen } from '../../app/Screen.tsx';
import { BackupSection } from '../backup/BackupSection.tsx';
import { NotifyChoices } from '../notify/NotifyChoices.tsx';
import { EraseDialog } from '../unlock/EraseDialog.tsx';
import { LongestKeep } from './LongestKeep.tsx';
import { Posting } from './Posting.tsx';
import './settings.css';

export function SettingsScreen() {
  const { t } = useTranslation();
  return (
    <Screen title={t('settings.title')}>
      <Me />
      <Look />
      <Section title={t('notify.title')}>
        <NotifyChoices />
      </Section>
      <Devices />
      <Backup />
      <Ways />
      <Keeping />
      <ThisDevice />
      <Keys />
    </Screen>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="section">
      <h2 className="section-title">{title}</h2>
      <div className="card settings-card">{children}</div>
    </section>
  );
}

function Me() {
  const { t } = useTranslation();
  const { me, hubName } = useOverview();
  if (!me) return null;
  return (
    <Section title={t('settings.me')}>
      <div className="settings-me">
        <Avatar id={me.id} name={me.name} size="l" />
        <div>
          <p className="settings-name">
            <bdi>{me.name}</bdi>
          </p>
          <p className="settings-help">
            <bdi>{hubName}</bdi>
          </p>
        </div>
      </div>
      <dl className="settings-fact">
        <dt>{t('settings.fingerprint')}</dt>
        <dd className="settings-fingerprint" data-testid="fingerprint">
          {me.fingerprint}
        </dd>
        <dd className="settings-help">{t('settings.fingerprintHelp')}</dd>
      </dl>
    </Section>
  );
}

function Devices() {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <Section title={t('devices.title')}>
      <div className="settings-act">
        <Button icon={<MonitorSmartphone size={17} />} onPress={() => open({ screen: 'devices' })}>
          {t('devices.open')}
        </Button>
        <p className="settings-help">{t('devices.openHelp')}</p>
      </div>
    </Section>
  );
}

function Backup() {
  const { t } = useTranslation();
  return (
    <Section title={t('backup.title')}>
      <BackupSection />
    </Section>
  );
}

/** Only for whoever may choose the way for everybody. */
function Ways() {
  const { t } = useTranslation();
  const { maySetNeighbour } = useOverview();
  if (!maySetNeighbour) return null;
  return (
    <Section title={t('settings.posting')}>
      <Posting />
    </Section>
  );
}

/** Only for whoever may say it for everybody. */
function Keeping() {
  const { t } = useTranslation();
  const { maySetNeighbour } = useOverview();
  if (!maySetNeighbour) return null;
  return (
    <Section title={t('roles.keepTitle')}>
      <LongestKeep />
    </Section>
  );
}

function Look() {
  const { t } = useTranslation();
  const { theme, language } = usePreferences();
  const options: readonly { value: Theme; label: string }[] = [
    { value: 'system', label: t('settings.themeSystem') },
    { value: 'light', label: t('settings.themeLight') },
    { value: 'dark', label: t('settings.themeDark') },
  ];
  return (
    <Section title={t('settings.look')}>
      <Choice label={t('settings.theme')} value={theme} options={options} onChange={(value) => setPreferences({ theme: value })} />
      <LanguageChoice chosen={language} />
    </Section>
  );
}

function LanguageChoice({ chosen }: { readonly chosen: Language | 'system' }) {
  const { t, i18n } = useTranslation();
  const options: readonly { value: Language | 'system'; label: string }[] = [
    { value: 'system', label: t('settings.languageSystem') },
    ...LANGUAGES.map(({ code, name }) => ({ value: code, label: name })),
  ];
  return (
    <Choice
      label={t('settings.language')}
      help={languageOf(i18n.language)?.reviewed === false ? t('settings.languageUnreviewed') : undefined}
      value={chosen}
      options={options}
      onChange={(value) => setPreferences({ language: value })}
    />
  );
}

function ThisDevice() {
  const { t } = useTranslation();
  const { idleMinutes } = usePreferences();
  const [erasing, setErasing] = useState(false);
  const lock = useAct((session) => session.lock());
  const kept = useKept();
  const options: readonly { value: IdleMinutes; label: string }[] = [
    { value: 5, label: t('settings.idle5') },
    { value: 15, label: t('settings.idle15') },
    { value: 60, label: t('settings.idle60') },
    { value: 0, label: t('settings.idleNever') },
  ];
  return (
    <Section title={t('settings.safety')}>
      <Choice
        label={t('settings.idle')}
        help={t('settings.idleHelp')}
        value={idleMinutes}
        options={options}
        onChange={(value) => setPreferences({ idleMinutes: value })}
      />
      <Problem code={lock.failure} />
      <div className="settings-act">
        <Button icon={<LockKeyhole size={17} />} onPress={() => void lock.run()}>
          {t('nav.lock')}
        </Button>
        <p className="settings-help">{t('settings.lockHelp', { shortcut: KEYS.lock })}</p>
      </div>
      <div className="settings-act">
        <Button icon={<Trash2 size={17} />} onPress={() => setErasing(true)}>
          {t('erase.action')}
        </Button>
        <p className="settings-help">{t('settings.eraseHelp')}</p>
      </div>
      {kept ? null : <p className="settings-help">{t('settings.storage')}</p>}
      <EraseDialog open={erasing} onClose={() => setErasing(false)} />
    </Section>
  );
}

/** Whether the browser promised to keep the vault; asked again here, where a person has just pressed something. */
function useKept(): boolean {
  const [kept, setKept] = useState(true);
  useEffect(() => void keepStorage().then(setKept), []);
  return kept;
}

function Keys() {
  const { t } = useTranslation();
  const keys = [
    [t('settings.keyFind'), KEYS.find],
    [t('settings.keyNext'), KEYS.next],
    [t('settings.keyLock'), KEYS.lock],
    [t('settings.keyClose'), KEYS.close],
    [t('timeline.keysThis'), KEYS.keys],
  ] as const;
  return (
    <section className="section settings-keys">
      <h2 className="section-title">{t('settings.keys')}</h2>
      <dl className="card settings-card settings-list">
        {keys.map(([words, key]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>
              <kbd>{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
