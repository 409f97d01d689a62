/** Takes an announcement back: a line stays, with the reason if there is one. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement, BoardSummary } from '#core/session/api.ts';
import { useAct } from '../../../app/session-context.tsx';
import { Button } from '../../../components/Button.tsx';
import { Field } from '../../../components/Field.tsx';
import { Modal, ModalButtons } from '../../../components/Modal.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { LONGEST_NOTE } from '../limits.ts';

export function WithdrawDialog({ of, board, onClose }: { readonly of: Announcement; readonly board: BoardSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const [note, setNote] = useState('');
  const withdraw = useAct((session) => session.withdrawAnnouncement(of.board, of.id, note.trim()));
  const press = async () => {
    if ((await withdraw.run()) !== 'done') return;
    say(board.signatures === 2 ? t('boards.handedIn') : t('boards.withdrawnDone'));
    onClose();
  };
  return (
    <Modal title={t('boards.withdrawTitle')} open onClose={onClose} grave>
      <p className="modal-text">{t('boards.withdrawBody')}</p>
      <Field label={t('boards.note')} help={t('boards.withdrawNoteHelp')} value={note} onChange={setNote} maxLength={LONGEST_NOTE} autoComplete="off" autoFocus />
      <Problem code={withdraw.failure} />
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="danger" isPending={withdraw.pending} onPress={() => void press()}>
          {t('boards.withdraw')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
