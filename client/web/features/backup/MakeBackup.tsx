/** Making a backup: the words, three of them typed again, the file. The words are in this component's memory and nowhere else. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { saveAs } from '../files/save-as.ts';
import { CheckWords } from './CheckWords.tsx';
import { Progress } from './Progress.tsx';
import './backup.css';

type Step = 'words' | 'check' | 'made';
const TITLES = { words: 'backup.wordsTitle', check: 'backup.checkTitle', made: 'backup.madeTitle' } as const;

export default function MakeBackup({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>('words');
  const [words, setWords] = useState<readonly string[]>();
  const [transfer] = useState(() => crypto.randomUUID());
  const [name] = useState(() => `thicket-backup-${new Date().toISOString().slice(0, 10)}.thicket`);
  const begin = useAct(async (session) => setWords(await session.newRecoveryPhrase()));
  const make = useAct(async (session) => saveAs(await session.fetchBackup(words ?? [], transfer), name));
  const { run } = begin;
  useEffect(() => void run(), [run]);
  const save = async () => {
    if ((await make.run()) !== 'done') return;
    setWords(undefined);
    setStep('made');
  };
  return (
    <Modal title={t(TITLES[step])} open onClose={() => make.pending || onClose()} grave>
      {step === 'words' ? <Words words={words} onCancel={onClose} onNext={() => setStep('check')} /> : null}
      {step === 'check' && words !== undefined ? (
        <CheckWords words={words} pending={make.pending} onBack={() => setStep('words')} onRight={() => void save()} />
      ) : null}
      {make.pending ? <Progress transfer={transfer} label={t('backup.making')} /> : null}
      <Problem code={begin.failure ?? make.failure} />
      {step === 'made' ? <Made name={name} onClose={onClose} /> : null}
    </Modal>
  );
}

function Words({ words, onCancel, onNext }: { readonly words: readonly string[] | undefined; readonly onCancel: () => void; readonly onNext: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="modal-text">{t('backup.wordsLead')}</p>
      {words === undefined ? (
        <Spinner />
      ) : (
        <ol className="backup-words" aria-label={t('backup.wordsLabel')} data-testid="recovery-words" dir="ltr">
          {words.map((word, index) => (
            <li key={index} lang="en" translate="no">
              {word}
            </li>
          ))}
        </ol>
      )}
      <ModalButtons>
        <Button onPress={onCancel}>{t('common.cancel')}</Button>
        <Button weight="primary" isDisabled={words === undefined} onPress={onNext}>
          {t('backup.wordsNext')}
        </Button>
      </ModalButtons>
    </>
  );
}

function Made({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <p role="status">{t('backup.made', { name })}</p>
      <p className="modal-text">{t('backup.madeAgain')}</p>
      <ModalButtons>
        <Button weight="primary" onPress={onClose} autoFocus>
          {t('common.done')}
        </Button>
      </ModalButtons>
    </>
  );
}
