/** Moving a room to another place, with its people and its past; somebody who is suspected may be left behind. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useAct, useLive } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';

const NOBODY = '';

export default function SetUpAnew({ room, onClose }: { readonly room: RoomSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const [without, setWithout] = useState(NOBODY);
  const members = useLive(`members ${room.id}`, 'rooms', (session) => session.members(room.id)).value ?? [];
  const move = useAct((session) => session.replant(room.id, without === NOBODY ? {} : { without }));
  const press = async () => {
    if ((await move.run()) !== 'done') return;
    say(t('repair.isAnew'));
    onClose();
  };
  const others = members.filter(({ isMe }) => !isMe);
  return (
    <Modal title={t('repair.anewTitle')} open onClose={onClose} grave>
      <p className="modal-text">{t('repair.anewBody')}</p>
      <Choice
        label={t('repair.without')}
        help={t('repair.withoutHelp')}
        value={without}
        options={[{ value: NOBODY, label: t('repair.nobody') }, ...others.map(({ id, name, ambiguous, fingerprint }) => ({ value: id, label: ambiguous ? `${name} ${fingerprint}` : name }))]}
        onChange={setWithout}
      />
      <Problem code={move.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus isDisabled={move.pending}>
          {t('common.cancel')}
        </Button>
        <Button weight="primary" isPending={move.pending} onPress={() => void press()}>
          {t('repair.setUpAnew')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
