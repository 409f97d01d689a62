/** Two people see the same six words as long as the hub shows both the same devices. They compare them by voice or in person. */
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, RoomId, SafetyPhrase } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Phrase } from '../../components/Phrase.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { useSay } from '../../components/Toasts.tsx';
import './verify.css';

interface Props {
  readonly room: RoomId;
  readonly person: Person;
  readonly onClose: () => void;
}

export default function SafetyDialog({ room, person, onClose }: Props) {
  const { t } = useTranslation();
  const say = useSay();
  const { name } = person;
  const [phrase, setPhrase] = useState<SafetyPhrase>();
  const [differing, setDiffering] = useState(false);
  const find = useAct(async (session) => setPhrase(await session.safetyPhrase(room, person.id)));
  const mark = useAct((session, words: readonly string[] | undefined) => session.setVerified(room, person.id, words));
  const { run } = find;
  const look = useCallback(() => {
    setPhrase(undefined);
    setDiffering(false);
    void run();
  }, [run]);
  useEffect(look, [look]);
  const same = async () => {
    const outcome = await mark.run(phrase?.words);
    // A device came in while they were reading: there are other words now.
    if (outcome === 'phrase-differs') return void run();
    if (outcome !== 'done') return;
    say(t('verify.done', { name }));
    onClose();
  };
  // What was changed stays so, and loud, until words are the same again.
  const differ = async () => {
    if (phrase?.verified !== 'yes' || (await mark.run(undefined)) === 'done') setDiffering(true);
  };
  if (differing) return <Differing name={name} onAgain={look} onClose={onClose} />;
  return (
    <Modal title={t('verify.title', { name })} open onClose={onClose}>
      <Standing name={name} verified={phrase?.verified ?? 'no'} />
      <p className="modal-text">{t('verify.how', { name })}</p>
      {phrase !== undefined ? (
        <Phrase words={phrase.words} label={t('verify.words')} size="l" />
      ) : find.pending ? (
        <p className="modal-text" role="status">
          <Spinner /> {t('verify.finding')}
        </p>
      ) : null}
      <Problem code={find.failure ?? mark.failure} />
      <ModalButtons>
        <Button isDisabled={phrase === undefined || mark.pending} onPress={() => void differ()}>
          {t('verify.differ')}
        </Button>
        <Button weight="primary" isDisabled={phrase === undefined} isPending={mark.pending} onPress={() => void same()}>
          {t('verify.same')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}

function Standing({ name, verified }: { readonly name: string; readonly verified: SafetyPhrase['verified'] }) {
  const { t } = useTranslation();
  if (verified === 'no') return null;
  return (
    <p className={`verify-standing verify-mark-${verified}`}>
      {verified === 'yes' ? <ShieldCheck size={18} aria-hidden="true" /> : <ShieldAlert size={18} aria-hidden="true" />}
      <span>{verified === 'yes' ? t('verify.isVerified', { name }) : t('verify.isChanged', { name })}</span>
    </p>
  );
}

function Differing({ name, onAgain, onClose }: { readonly name: string; readonly onAgain: () => void; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal title={t('verify.differTitle')} open onClose={onClose} grave>
      <p>{t('verify.differFirst')}</p>
      <p>{t('verify.differThen', { name })}</p>
      <ModalButtons>
        <Button onPress={onAgain}>{t('verify.differAgain')}</Button>
        <Button weight="primary" onPress={onClose} autoFocus>
          {t('common.done')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
