import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreated: (room: RoomId) => void;
}

export function CreateRoom({ open, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const create = useAct(async (session) => {
    const room = await session.createRoom(name.trim());
    setName('');
    onCreated(room);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.pending && name.trim() !== '') void create.run();
  };
  return (
    <Modal title={t('rooms.createTitle')} open={open} onClose={onClose}>
      <form className="modal-form" onSubmit={submit} noValidate>
        <p className="modal-text">{t('rooms.createHelp')}</p>
        <Field
          label={t('rooms.createName')}
          placeholder={t('rooms.createPlaceholder')}
          value={name}
          onChange={setName}
          maxLength={64}
          autoComplete="off"
          autoFocus
        />
        <Problem code={create.failure} />
        <ModalButtons>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button weight="primary" type="submit" isPending={create.pending} isDisabled={name.trim() === ''}>
            {create.pending ? t('rooms.createWorking') : t('rooms.create')}
          </Button>
        </ModalButtons>
      </form>
    </Modal>
  );
}
