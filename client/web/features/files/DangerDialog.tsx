/** Asked before a file is saved that a system would run. */
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { endingOf, seemsLike } from '../media/kinds.ts';

interface Props {
  /** Of the file. */
  readonly name: string;
  /** Who sent it. */
  readonly from: string;
  readonly onClose: () => void;
  readonly onSave: () => void;
}

export function DangerDialog({ name, from, onClose, onSave }: Props) {
  const { t } = useTranslation();
  const ending = endingOf(name).toUpperCase();
  const seems = seemsLike(name)?.toUpperCase();
  return (
    <Modal title={t('files.dangerTitle')} open onClose={onClose} grave>
      <p className="modal-text">
        <bdi className="file-name">{name}</bdi>
      </p>
      <p className="modal-text">{seems === undefined ? t('files.danger', { ending, name: from }) : t('files.dangerSeems', { ending, seems, name: from })}</p>
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="danger" onPress={onSave}>
          {t('files.saveAnyway')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
