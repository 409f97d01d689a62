import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { albumOf } from '../media/albums.ts';

/** Deleting is for everybody and for good: asked once. */
export function DeleteDialog({ room, item, onClose }: { readonly room: RoomId; readonly item: MessageItem; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const album = albumOf(item);
  const remove = useAct(async (session) => {
    for (const each of album) await session.deleteMessage(room, each.place ?? each.id);
  });
  const press = async () => {
    if ((await remove.run()) === 'done') onClose();
  };
  return (
    <Modal title={t('timeline.deleteTitle')} open onClose={onClose} grave>
      <p className="modal-text">{item.seq === undefined ? t('timeline.takeBack') : album.length > 1 ? t('timeline.deleteAlbum', { count: album.length }) : item.sender.isMe ? t('timeline.deleteOwn') : t('timeline.deleteOther', { name: item.sender.name })}</p>
      <Problem code={remove.failure} />
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="danger" isPending={remove.pending} onPress={() => void press()}>
          {t('timeline.delete')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
