/** Programs that announce on a board under a name of their own. The hub lists them. */
import { Bot as Sign } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary } from '#core/session/api.ts';
import { useAct, useOverview, usePeople } from '../../../app/session-context.tsx';
import { Button } from '../../../components/Button.tsx';
import { Field } from '../../../components/Field.tsx';
import { Modal, ModalButtons } from '../../../components/Modal.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { useDesk } from './use-desk.ts';

export function Bots({ board }: { readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const { me } = useOverview();
  const people = usePeople().value ?? [];
  const { value: bots, failure } = useDesk('bots', board.id, (session) => session.bots(board.id));
  const [naming, setNaming] = useState(false);
  const own = bots?.find(({ member }) => member === me?.id);
  const stop = useAct((session) => session.setBot(board.id, undefined));
  return (
    <section className="section" aria-label={t('boards.programs')}>
      <h2 className="section-title">{t('boards.programs')}</h2>
      <p className="desk-facts">{bots?.length === 0 ? t('boards.noPrograms') : t('boards.programsHelp')}</p>
      <Problem code={failure ?? stop.failure} />
      {bots === undefined || bots.length === 0 ? null : (
        <ul className="card people">
          {bots.map((bot) => (
            <li key={`${bot.member} ${bot.name}`} className="person">
              <Sign size={22} aria-hidden="true" />
              <div className="person-words">
                <p>
                  <bdi className="name">{bot.name}</bdi>
                </p>
                <p className="person-detail">
                  <bdi>{bot.member === me?.id ? t('common.youTag') : people.find(({ id }) => id === bot.member)?.name}</bdi>
                </p>
              </div>
              {bot.member === me?.id ? (
                <Button isPending={stop.pending} aria-label={t('boards.stopProgramOf', { name: bot.name })} onPress={() => void stop.run()}>
                  {t('boards.stopProgram')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {own === undefined && !board.closed ? (
        <div className="boards-buttons">
          <Button onPress={() => setNaming(true)}>{t('boards.addProgram')}</Button>
        </div>
      ) : null}
      {naming ? <NameBot board={board} onClose={() => setNaming(false)} /> : null}
    </section>
  );
}

function NameBot({ board, onClose }: { readonly board: BoardSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const [name, setName] = useState('');
  const set = useAct((session) => session.setBot(board.id, name.trim()));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (set.pending || name.trim() === '' || (await set.run()) !== 'done') return;
    say(t('boards.programAdded'));
    onClose();
  };
  return (
    <Modal title={t('boards.addProgram')} open onClose={onClose}>
      <form className="modal-form" onSubmit={(event) => void submit(event)} noValidate>
        <p className="modal-text">{t('boards.addProgramHelp')}</p>
        <Field label={t('boards.programName')} value={name} onChange={setName} maxLength={64} autoComplete="off" autoFocus />
        <Problem code={set.failure} />
        <ModalButtons>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button weight="primary" type="submit" isPending={set.pending} isDisabled={name.trim() === ''}>
            {t('boards.addProgramNow')}
          </Button>
        </ModalButtons>
      </form>
    </Modal>
  );
}
