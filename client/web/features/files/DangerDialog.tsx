/** Asked before a file is saved that a system would run. */
import { useTranslation } from 'react-i18next';
import type { MessageItem } from '#core/session/api.ts';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { endingOf, seemsLike } from '../media/kinds.ts';

export function DangerDialog({ item, onClose, onSave }: { readonly item: MessageItem; readonly onClose: () => void; readonly onSave: () => void }) {
  const { t } = useTranslation();
  const name = item.file?.name ?? '';
  const ending = endingOf(name).toUpperCase();
  const seems = seemsLike(name)?.toUpperCase();
  return (
    <Modal title={t('files.dangerTitle')} open onClose={onClose} grave>
      <p className="modal-text">
        <bdi className="file-name">{name}</bdi>
      </p>
      <p className="modal-text">{seems === undefined ? t('files.danger', { ending, name: item.sender.name }) : t('files.dangerSeems', { ending, seems, name: item.sender.name })}</p>
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="danger" onPress={onSave}>
          {t('files.saveAnyway')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
