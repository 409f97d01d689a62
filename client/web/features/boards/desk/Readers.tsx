/** How many read a board. A name is shown only to whoever looks for it, to take that person out. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary, Person } from '#core/session/api.ts';
import { useAct } from '../../../app/session-context.tsx';
import { Button } from '../../../components/Button.tsx';
import { Field } from '../../../components/Field.tsx';
import { Modal, ModalButtons } from '../../../components/Modal.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { PersonLine } from '../../people/PersonLine.tsx';
import '../../people/people.css';
import { useDesk } from './use-desk.ts';

export function Readers({ board, readers }: { readonly board: BoardSummary; readonly readers: number }) {
  const { t } = useTranslation();
  const [looking, setLooking] = useState('');
  const [removing, setRemoving] = useState<Person>();
  const name = looking.trim();
  const found = useDesk(`readers-${name}`, board.id, async (session) => (name === '' ? [] : session.findReaders(board.id, name)));
  return (
    <section className="section" aria-label={t('boards.readersTitle')}>
      <h2 className="section-title">{t('boards.readersTitle')}</h2>
      <p>{t('boards.readers', { count: readers })}</p>
      <Field label={t('boards.findReader')} help={t('boards.findReaderHelp')} value={looking} onChange={setLooking} autoComplete="off" type="search" />
      <Problem code={found.failure} />
      {name === '' || found.value === undefined ? null : found.value.length === 0 ? (
        <p role="status">{t('boards.noReader')}</p>
      ) : (
        <ul className="card people">
          {found.value.map((person) => (
            <PersonLine key={person.id} person={person}>
              <Button aria-label={t('boards.removeReaderOf', { name: person.name })} onPress={() => setRemoving(person)}>
                {t('boards.removeReader')}
              </Button>
            </PersonLine>
          ))}
        </ul>
      )}
      {removing === undefined ? null : (
        <RemoveReader board={board} person={removing} onClose={() => setRemoving(undefined)} />
      )}
    </section>
  );
}

function RemoveReader({ board, person, onClose }: { readonly board: BoardSummary; readonly person: Person; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const { name } = person;
  const remove = useAct((session) => session.removeReaders(board.id, [person.id]));
  const press = async () => {
    if ((await remove.run()) !== 'done') return;
    say(t('boards.removedReader', { name }));
    onClose();
  };
  return (
    <Modal title={t('boards.removeReaderTitle', { name })} open onClose={onClose} grave>
      <p className="modal-text">{t('boards.removeReaderBody')}</p>
      {person.ambiguous ? <p className="modal-text">{t('common.fingerprintOf', { fingerprint: person.fingerprint })}</p> : null}
      <Problem code={remove.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus isDisabled={remove.pending}>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={remove.pending} onPress={() => void press()}>
          {remove.pending ? t('boards.removingReader') : t('boards.removeReader')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
