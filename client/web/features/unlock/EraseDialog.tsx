/** The one thing that cannot be undone: asks twice, and the second time in so many words. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Tick } from '../../components/Tick.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';

export function EraseDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const erase = useAct((session) => session.erase());
  const close = () => {
    setSure(false);
    onClose();
  };
  return (
    <Modal title={t('erase.title')} open={open} onClose={close} grave>
      <p className="modal-text">{t('erase.body')}</p>
      <Tick checked={sure} onChange={setSure}>
        {t('erase.tick')}
      </Tick>
      <Problem code={erase.failure} />
      <ModalButtons>
        <Button onPress={close} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isDisabled={!sure} isPending={erase.pending} onPress={() => void erase.run().then((outcome) => outcome === 'done' && close())}>
          {t('erase.confirm')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
