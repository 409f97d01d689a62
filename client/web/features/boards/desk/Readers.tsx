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
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const name = looking.trim();
  const found = useDesk(`readers-${name}`, board.id, async (session) => (name === '' ? [] : session.findReaders(board.id, name)));
  const others = found.value?.filter((person) => !chosen.some(({ id }) => id === person.id));
  return (
    <section className="section" aria-label={t('boards.readersTitle')}>
      <h2 className="section-title">{t('boards.readersTitle')}</h2>
      <p>{t('boards.readers', { count: readers })}</p>
      <Field label={t('boards.findReader')} help={t('boards.findReaderHelp')} value={looking} onChange={setLooking} autoComplete="off" type="search" />
      <Problem code={found.failure} />
      {name === '' || others === undefined ? null : found.value?.length === 0 ? (
        <p role="status">{t('boards.noReader')}</p>
      ) : (
        <ul className="card people">
          {others.map((person) => (
            <PersonLine key={person.id} person={person}>
              <Button aria-label={t('boards.removeReaderOf', { name: person.name })} onPress={() => setChosen([...chosen, person])}>
                {t('boards.removeReader')}
              </Button>
            </PersonLine>
          ))}
        </ul>
      )}
      {chosen.length === 0 ? null : <Going board={board} people={chosen} onChange={setChosen} />}
    </section>
  );
}

interface GoingProps {
  readonly board: BoardSummary;
  readonly people: readonly Person[];
  readonly onChange: (people: readonly Person[]) => void;
}

/** All at once, since each time costs every reader new keys. */
function Going({ board, people, onChange }: GoingProps) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  return (
    <div className="card desk-card">
      <h3 className="field-label">{t('boards.going')}</h3>
      <ul className="people people-bare">
        {people.map((person) => (
          <PersonLine key={person.id} person={person}>
            <Button weight="plain" aria-label={t('boards.keepReaderOf', { name: person.name })} onPress={() => onChange(people.filter((one) => one !== person))}>
              {t('boards.keepReader')}
            </Button>
          </PersonLine>
        ))}
      </ul>
      <p className="desk-facts">{t('boards.goingHelp')}</p>
      <div className="boards-buttons">
        <Button weight="danger" onPress={() => setSure(true)}>
          {t('boards.removeReaders', { count: people.length })}
        </Button>
      </div>
      {sure ? <RemoveReaders board={board} people={people} onClose={() => setSure(false)} onDone={() => onChange([])} /> : null}
    </div>
  );
}

function RemoveReaders({ board, people, onClose, onDone }: { readonly board: BoardSummary; readonly people: readonly Person[]; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const names = new Intl.ListFormat(i18n.language).format(people.map(({ name, ambiguous, fingerprint }) => (ambiguous ? `${name} (${fingerprint})` : name)));
  const remove = useAct((session) => session.removeReaders(board.id, people.map(({ id }) => id)));
  const press = async () => {
    if ((await remove.run()) !== 'done') return;
    say(t('boards.removedReaders'));
    onClose();
    onDone();
  };
  return (
    <Modal title={t('boards.removeReadersTitle', { names })} open onClose={onClose} grave>
      <p className="modal-text">{t('boards.removeReaderBody')}</p>
      <Problem code={remove.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus isDisabled={remove.pending}>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={remove.pending} onPress={() => void press()}>
          {remove.pending ? t('boards.removingReader') : t('boards.removeReaders', { count: people.length })}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
