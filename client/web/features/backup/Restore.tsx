/** A device that is new here becomes somebody who was here before: their file, its twelve words, a passphrase for this device. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { RECOVERY_WORDS, wordsIn } from '#core/domain/recovery-phrase.ts';
import { keepStorage } from '../../app/keep-storage.ts';
import { useAct, type Outcome } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Gate } from '../../components/Gate.tsx';
import { Problem } from '../../components/Problem.tsx';
import { EMPTY_PROFILE, isComplete, PassphraseFields } from '../founding/ProfileFields.tsx';
import { BackupFile } from './BackupFile.tsx';
import { Progress } from './Progress.tsx';
import { RecoveryWords } from './RecoveryWords.tsx';
import '../founding/founding.css';

/** No name is asked for: it is in the backup. */
const NAMELESS = { ...EMPTY_PROFILE, name: '-' };

export default function Restore({ onBack, hold }: { readonly onBack: () => void; readonly hold: (attempt: Promise<Outcome>) => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const [profile, setProfile] = useState(NAMELESS);
  const [transfer] = useState(() => crypto.randomUUID());
  const restore = useAct((session, source: File) => session.restoreBackup(source, wordsIn(text), { passphrase: profile.passphrase, transfer }));
  const ready = file !== undefined && wordsIn(text).length === RECOVERY_WORDS && isComplete(profile);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (restore.pending || !ready) return;
    void keepStorage();
    hold(restore.run(file));
  };
  return (
    <Gate title={t('restore.title')} lead={t('restore.lead')}>
      <form className="gate-form" onSubmit={submit} noValidate>
        <BackupFile file={file} onPick={setFile} />
        <RecoveryWords text={text} onChange={setText} />
        <PassphraseFields profile={profile} onChange={setProfile} />
        <Problem code={restore.failure} />
        {restore.pending ? <Progress transfer={transfer} label={t('restore.working')} /> : <p className="gate-note">{t('restore.after')}</p>}
        <div className="gate-row">
          <Button weight="primary" type="submit" wide isPending={restore.pending} isDisabled={!ready}>
            {restore.pending ? t('restore.working') : t('restore.submit')}
          </Button>
          <Button weight="plain" onPress={onBack} isDisabled={restore.pending}>
            {t('common.back')}
          </Button>
        </div>
      </form>
    </Gate>
  );
}
