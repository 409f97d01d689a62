/** The end of a board: what was announced stays readable, and nothing new comes. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary } from '#core/session/api.ts';
import { useAct } from '../../../app/session-context.tsx';
import { Button } from '../../../components/Button.tsx';
import { Modal, ModalButtons } from '../../../components/Modal.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';

export function CloseBoard({ board }: { readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const say = useSay();
  const [asking, setAsking] = useState(false);
  const close = useAct((session) => session.closeBoard(board.id));
  const press = async () => {
    if ((await close.run()) !== 'done') return;
    say(t('boards.closedDone', { name: board.name }));
    setAsking(false);
  };
  return (
    <div className="boards-buttons desk-end">
      <Button onPress={() => setAsking(true)}>{t('boards.close')}</Button>
      {asking ? (
        <Modal title={t('boards.closeTitle', { name: board.name })} open onClose={() => setAsking(false)} grave>
          <p className="modal-text">{t('boards.closeBody')}</p>
          <Problem code={close.failure} />
          <ModalButtons>
            <Button onPress={() => setAsking(false)} autoFocus>
              {t('common.cancel')}
            </Button>
            <Button weight="danger" isPending={close.pending} onPress={() => void press()}>
              {t('boards.close')}
            </Button>
          </ModalButtons>
        </Modal>
      ) : null}
    </div>
  );
}
