/** Where the link of a board is pasted. It shows the board; whether to read it is asked there. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardId } from '#core/session/api.ts';
import { parseLink } from '../../app/link.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { LinkField } from '../../components/LinkField.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';

interface Props {
  /** The page was opened with it. */
  readonly link: string | undefined;
  readonly onClose: () => void;
  readonly onOpened: (board: BoardId) => void;
}

export function OpenBoardLink({ link, onClose, onOpened }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(link ?? '');
  const [wrong, setWrong] = useState(false);
  const follow = useAct(async (session, found: string) => {
    onOpened(await session.openBoardLink(found));
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = parseLink(text);
    if (found?.kind === 'board') void follow.run(found.link);
    else setWrong(true);
  };
  return (
    <Modal title={t('boards.openLink')} open onClose={onClose}>
      <form className="modal-form" onSubmit={submit} noValidate>
        <p className="modal-text">{t('boards.openLinkHelp')}</p>
        <LinkField
          label={t('boards.link')}
          value={text}
          wrong={wrong}
          autoFocus
          onChange={(value) => {
            setText(value);
            setWrong(false);
          }}
        />
        <Problem code={follow.failure} />
        <ModalButtons>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button weight="primary" type="submit" isPending={follow.pending} isDisabled={text.trim() === ''}>
            {t('boards.openLinkNow')}
          </Button>
        </ModalButtons>
      </form>
    </Modal>
  );
}
