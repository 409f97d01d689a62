/** The way to a board for people of the hub: as text to copy and as a QR code. */
import { Check, Copy, Share2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary } from '#core/session/api.ts';
import { useLive } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { QrCode } from '../../components/QrCode.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import '../invite/invite.css';

export function BoardLinkDialog({ board, onClose }: { readonly board: BoardSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { value: link, failure } = useLive(`board-link-${board.id}`, 'boards', (session) => session.boardLink(board.id));
  const [copied, setCopied] = useState(false);
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2500);
  };
  return (
    <Modal title={t('boards.linkTitle', { name: board.name })} open onClose={onClose}>
      <p className="modal-text">{board.joining === 'open' ? t('boards.linkOpen') : t('boards.linkApproved')}</p>
      <Problem code={failure} />
      {link === undefined ? (
        failure === undefined ? <Spinner /> : null
      ) : (
        <div className="board-link">
          <QrCode text={link} label={t('boards.qr')} />
          <input className="invitation-link" aria-label={t('boards.link')} data-testid="board-link" readOnly dir="ltr" value={link} onFocus={(event) => event.target.select()} />
          <div className="invitation-buttons">
            <Button icon={copied ? <Check size={17} /> : <Copy size={17} />} onPress={() => void copy(link).catch(() => undefined)}>
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
            {typeof navigator.share === 'function' ? (
              <Button icon={<Share2 size={17} />} onPress={() => void navigator.share({ url: link }).catch(() => undefined)}>
                {t('common.share')}
              </Button>
            ) : null}
          </div>
        </div>
      )}
      <ModalButtons>
        <Button onPress={onClose}>{t('common.done')}</Button>
      </ModalButtons>
    </Modal>
  );
}
