/** Leaving a room, and taking one that is past off this device: each with its one sentence and its one button. */
import { LogOut, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';

export function RoomEnd({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const say = useSay();
  const [asking, setAsking] = useState(false);
  const leave = useAct((session) => session.leaveRoom(room.id));
  const forget = useAct((session) => session.forgetRoom(room.id));
  const act = room.active ? leave : forget;
  const close = () => {
    act.clear();
    setAsking(false);
  };
  const press = async () => {
    const said = room.active ? t('roles.left', { room: room.name }) : t('roles.forgotten', { room: room.name });
    if ((await act.run()) !== 'done') return;
    setAsking(false);
    say(said);
  };
  return (
    <section className="room-way">
      {room.leaving ? <p>{t('roles.leavingFact')}</p> : null}
      <Button wide icon={room.active ? <LogOut size={18} className="mirrored" /> : <Trash2 size={18} />} onPress={() => setAsking(true)}>
        {t(room.active ? 'roles.leave' : 'roles.forget')}
      </Button>
      <Modal title={t(room.active ? 'roles.leaveTitle' : 'roles.forgetTitle', { room: room.name })} open={asking} onClose={close} grave>
        <p className="modal-text">{t(room.active ? 'roles.leaveBody' : 'roles.forgetBody')}</p>
        <Problem code={act.failure} />
        <ModalButtons>
          <Button onPress={close} autoFocus isDisabled={act.pending}>{t('common.cancel')}</Button>
          <Button weight="danger" isPending={act.pending} onPress={() => void press()}>
            {t(room.active ? 'roles.leaveConfirm' : 'roles.forgetConfirm')}
          </Button>
        </ModalButtons>
      </Modal>
    </section>
  );
}
