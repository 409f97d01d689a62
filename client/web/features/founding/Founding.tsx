/** The first person: names the hub, and makes its keys on this device. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keepStorage } from '../../app/keep-storage.ts';
import { useAct, type Outcome } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Gate } from '../../components/Gate.tsx';
import { Problem } from '../../components/Problem.tsx';
import { EMPTY_PROFILE, isComplete, ProfileFields } from './ProfileFields.tsx';
import './founding.css';

export function Founding({ link, onBack, hold }: { readonly link: string; readonly onBack: () => void; readonly hold: (attempt: Promise<Outcome>) => void }) {
  const { t } = useTranslation();
  const [hubName, setHubName] = useState('');
  const [profile, setProfile] = useState(EMPTY_PROFILE);
  const found = useAct((session) => session.found(link, { hubName: hubName.trim(), name: profile.name.trim(), passphrase: profile.passphrase }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (found.pending || !isComplete(profile)) return;
    void keepStorage();
    hold(found.run());
  };
  return (
    <Gate title={t('founding.title')} lead={t('founding.lead')}>
      <form className="gate-form" onSubmit={submit} noValidate>
        <Field
          label={t('founding.hubName')}
          help={t('founding.hubNameHelp')}
          value={hubName}
          onChange={setHubName}
          maxLength={64}
          autoComplete="off"
          autoFocus
        />
        <ProfileFields profile={profile} onChange={setProfile} focusName={false} />
        <Problem code={found.failure} />
        <div className="gate-row">
          <Button weight="primary" type="submit" wide isPending={found.pending} isDisabled={hubName.trim() === '' || !isComplete(profile)}>
            {found.pending ? t('founding.working') : t('founding.submit')}
          </Button>
          <Button weight="plain" onPress={onBack} isDisabled={found.pending}>
            {t('common.back')}
          </Button>
        </div>
      </form>
    </Gate>
  );
}
