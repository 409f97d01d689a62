/** What this device holds of the past, for one that was linked: only if the person wants. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { useProgress } from '../files/use-progress.ts';

export function SendPast({ id, name, onClose }: { readonly id: string; readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const transfer = useId();
  const percent = useProgress(transfer) ?? 0;
  const send = useAct((session) => session.sendHistory(id, transfer));
  const press = async () => {
    if ((await send.run()) !== 'done') return;
    say(t('devices.pastSent', { name }));
    onClose();
  };
  return (
    <Modal title={t('devices.pastTitle', { name })} open onClose={onClose}>
      <p className="modal-text">{t('devices.pastBody')}</p>
      <Problem code={send.failure} />
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="primary" isPending={send.pending} onPress={() => void press()}>
          {send.pending ? t('devices.pastSending', { percent }) : t('devices.pastConfirm')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
