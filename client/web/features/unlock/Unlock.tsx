/** A vault is here and closed. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Gate } from '../../components/Gate.tsx';
import { PassphraseField } from '../../components/PassphraseField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { EraseDialog } from './EraseDialog.tsx';

export function Unlock() {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState('');
  const [erasing, setErasing] = useState(false);
  const unlock = useAct((session) => session.unlock(passphrase));
  const wrong = unlock.failure === 'wrong-passphrase';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unlock.pending && passphrase !== '') void unlock.run();
  };
  return (
    <Gate title={t('unlock.title')} lead={t('unlock.lead')}>
      <form className="gate-form" onSubmit={submit} noValidate>
        <PassphraseField
          label={t('profile.passphrase')}
          value={passphrase}
          onChange={(value) => {
            setPassphrase(value);
            unlock.clear();
          }}
          problem={wrong ? t('failure.wrong-passphrase') : undefined}
          autoComplete="current-password"
          autoFocus
        />
        <Problem code={wrong ? undefined : unlock.failure} />
        <Button weight="primary" type="submit" wide isPending={unlock.pending} isDisabled={passphrase === ''}>
          {unlock.pending ? t('unlock.working') : t('unlock.submit')}
        </Button>
      </form>
      <hr className="gate-rule" />
      <p className="gate-note">{t('unlock.forgot')}</p>
      <Button weight="plain" onPress={() => setErasing(true)}>
        {t('erase.action')}
      </Button>
      <EraseDialog open={erasing} onClose={() => setErasing(false)} />
    </Gate>
  );
}
