/** Picks people in view who are not in the room yet. Each one is added at once; the dialog stays for the next. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFilter } from 'react-aria-components';
import type { Person, RoomSummary } from '#core/session/api.ts';
import { useAct, usePeople } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { PersonLine } from './PersonLine.tsx';

/** Below this number a list is quicker read than searched. */
const SEARCH_FROM = 8;

interface Props {
  readonly room: RoomSummary;
  readonly members: readonly Person[];
  readonly open: boolean;
  readonly onClose: () => void;
}

export function AddPeople({ room, members, open, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal title={t('people.addTitle', { room: room.name })} open={open} onClose={onClose}>
      <p className="modal-text">{t('people.addHelp')}</p>
      <Picker room={room} members={members} />
      <ModalButtons>
        <Button onPress={onClose}>{t('common.done')}</Button>
      </ModalButtons>
    </Modal>
  );
}

function Picker({ room, members }: Pick<Props, 'room' | 'members'>) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const { contains } = useFilter({ sensitivity: 'base' });
  const people = usePeople();
  const inside = new Set(members.map((member) => member.id));
  const outside = (people.value ?? []).filter((person) => !person.isMe && !inside.has(person.id));
  const shown = outside.filter((person) => contains(person.name, search));
  if (people.failure !== undefined) return <Problem code={people.failure} />;
  if (people.value && outside.length === 0) return <p>{t('people.addNobody')}</p>;
  return (
    <>
      {outside.length < SEARCH_FROM ? null : (
        <Field label={t('people.addSearch')} value={search} onChange={setSearch} autoComplete="off" autoFocus />
      )}
      <ul className="people card people-picker">
        {shown.map((person) => (
          <Candidate key={person.id} person={person} room={room} />
        ))}
      </ul>
      {shown.length === 0 && search !== '' ? <p>{t('people.addNoMatch')}</p> : null}
    </>
  );
}

function Candidate({ person, room }: { readonly person: Person; readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const say = useSay();
  const add = useAct((session) => session.addMember(room.id, person.id));
  const press = async () => {
    if ((await add.run()) === 'done') say(t('people.added', { name: person.name }));
  };
  return (
    <>
      <PersonLine person={person} detail={add.pending ? t('people.adding', { name: person.name }) : undefined}>
        <Button aria-label={t('people.addOne', { name: person.name })} isPending={add.pending} onPress={() => void press()}>
          {t('people.addShort')}
        </Button>
      </PersonLine>
      {add.failure === undefined ? null : (
        <li className="people-problem">
          <Problem code={add.failure} />
        </li>
      )}
    </>
  );
}
