import { useTranslation } from 'react-i18next';
import type { RoomMember, RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';

interface Props {
  readonly room: RoomSummary;
  readonly person: RoomMember | undefined;
  readonly onClose: () => void;
}

export function RemovePerson({ room, person, onClose }: Props) {
  const { t } = useTranslation();
  const say = useSay();
  const name = person?.name ?? '';
  const remove = useAct((session, id: string) => session.removeMember(room.id, id));
  const press = async () => {
    if (!person || (await remove.run(person.id)) !== 'done') return;
    say(t('people.removed', { name }));
    onClose();
  };
  const close = () => {
    remove.clear();
    onClose();
  };
  return (
    <Modal title={t('people.removeTitle', { name })} open={person !== undefined} onClose={close} grave>
      <p className="modal-text">{t('people.removeBody', { room: room.name })}</p>
      {person?.ambiguous ? <p className="modal-text">{t('common.fingerprintOf', { fingerprint: person.fingerprint })}</p> : null}
      <Problem code={remove.failure} />
      <ModalButtons>
        <Button onPress={close} autoFocus isDisabled={remove.pending}>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={remove.pending} onPress={() => void press()}>
          {remove.pending ? t('people.removing', { name }) : t('people.removeConfirm', { name })}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
