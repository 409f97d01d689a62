/** Somebody with an invitation: a name, a passphrase, nothing else. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keepStorage } from '../../app/keep-storage.ts';
import { useAct, type Outcome } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Gate } from '../../components/Gate.tsx';
import { Problem } from '../../components/Problem.tsx';
import { EMPTY_PROFILE, isComplete, ProfileFields } from '../founding/ProfileFields.tsx';
import '../founding/founding.css';

export function Joining({ link, onBack, hold }: { readonly link: string; readonly onBack: () => void; readonly hold: (attempt: Promise<Outcome>) => void }) {
  const { t } = useTranslation();
  const [profile, setProfile] = useState(EMPTY_PROFILE);
  const join = useAct((session) => session.join(link, { name: profile.name.trim(), passphrase: profile.passphrase }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (join.pending || !isComplete(profile)) return;
    void keepStorage();
    hold(join.run());
  };
  return (
    <Gate title={t('joining.title')} lead={t('joining.lead')}>
      <form className="gate-form" onSubmit={submit} noValidate>
        <ProfileFields profile={profile} onChange={setProfile} focusName />
        <Problem code={join.failure} />
        <div className="gate-row">
          <Button weight="primary" type="submit" wide isPending={join.pending} isDisabled={!isComplete(profile)}>
            {join.pending ? t('joining.working') : t('joining.submit')}
          </Button>
          <Button weight="plain" onPress={onBack} isDisabled={join.pending}>
            {t('common.back')}
          </Button>
        </div>
      </form>
    </Gate>
  );
}
