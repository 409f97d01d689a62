/** On the new device, with the link at hand: a name for it and a passphrase. All else comes from the other device. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keepStorage } from '../../app/keep-storage.ts';
import { useAct, type Outcome } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Gate } from '../../components/Gate.tsx';
import { Problem } from '../../components/Problem.tsx';
import { isComplete, ProfileFields, type Profile } from '../founding/ProfileFields.tsx';
import { thisKind } from './guess-name.ts';
import '../founding/founding.css';

export function LinkThis({ link, onBack, hold }: { readonly link: string; readonly onBack: () => void; readonly hold: (attempt: Promise<Outcome>) => void }) {
  const { t } = useTranslation();
  const [profile, setProfile] = useState<Profile>(() => ({ name: t(thisKind()), passphrase: '', repeated: '' }));
  const ask = useAct((session) => session.joinAsDevice(link, { deviceName: profile.name.trim(), passphrase: profile.passphrase }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ask.pending || !isComplete(profile)) return;
    void keepStorage();
    hold(ask.run());
  };
  return (
    <Gate title={t('devices.newTitle')} lead={t('devices.newLead')}>
      <form className="gate-form" onSubmit={submit} noValidate>
        <ProfileFields profile={profile} onChange={setProfile} focusName={false} nameLabel={t('devices.newName')} nameHelp={t('devices.newNameHelp')} />
        <Problem code={ask.failure} />
        <div className="gate-row">
          <Button weight="primary" type="submit" wide isPending={ask.pending} isDisabled={!isComplete(profile)}>
            {ask.pending ? t('devices.newWorking') : t('devices.newSubmit')}
          </Button>
          <Button weight="plain" onPress={onBack} isDisabled={ask.pending}>
            {t('common.back')}
          </Button>
        </div>
      </form>
    </Gate>
  );
}
