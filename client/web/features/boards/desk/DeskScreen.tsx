/** The coordinators' side of a board: what is begun, what waits, who asks to read, and who announces here. */
import { Link2, MessagesSquare, PencilLine } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary } from '#core/session/api.ts';
import { BackButton } from '../../../app/BackButton.tsx';
import { useNavigation, type Place } from '../../../app/navigation.tsx';
import { ScreenTitle } from '../../../app/ScreenTitle.tsx';
import { Button } from '../../../components/Button.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { ConnectionBanner } from '../../connection/ConnectionBanner.tsx';
import { BoardLinkDialog } from '../BoardLinkDialog.tsx';
import { useBoards } from '../use-boards.ts';
import { Bots } from './Bots.tsx';
import { CloseBoard } from './CloseBoard.tsx';
import { Drafts } from './Drafts.tsx';
import { Proposals } from './Proposals.tsx';
import { Readers } from './Readers.tsx';
import { Requests } from './Requests.tsx';
import '../boards.css';
import './desk.css';

export function DeskScreen({ place }: { readonly place: Extract<Place, { screen: 'desk' }> }) {
  const { t } = useTranslation();
  const { value: boards, failure } = useBoards();
  const board = boards?.find(({ id }) => id === place.board);
  return (
    <>
      <header className="bar">
        <BackButton />
        <div className="bar-words">
          <ScreenTitle>{board?.name ?? t('boards.board')}</ScreenTitle>
          <p className="bar-fact">{board?.desk === undefined ? t('boards.deskTitle') : t('boards.readers', { count: board.desk.readers })}</p>
        </div>
      </header>
      <ConnectionBanner />
      <div className="page">
        <div className="page-inner">
          <Problem code={failure ?? (boards !== undefined && board === undefined ? 'unknown-board' : boards !== undefined && board?.desk === undefined ? 'not-allowed' : undefined)} />
          {board?.desk === undefined ? null : <Whole board={board} desk={board.desk} />}
        </div>
      </div>
    </>
  );
}

function Whole({ board, desk }: { readonly board: BoardSummary; readonly desk: NonNullable<BoardSummary['desk']> }) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const [linking, setLinking] = useState(false);
  return (
    <>
      {board.closed ? <p className="announced-change">{t('boards.closed')}</p> : null}
      {desk.mayAnnounce || board.closed ? null : <p className="announced-change">{t('boards.mayNotYet')}</p>}
      <div className="boards-buttons">
        {board.closed ? null : (
          <Button weight="primary" icon={<PencilLine size={18} />} onPress={() => open({ screen: 'writing', board: board.id })}>
            {t('boards.write')}
          </Button>
        )}
        <Button icon={<MessagesSquare size={18} />} onPress={() => open({ screen: 'room', room: desk.room })}>
          {t('boards.deskRoom')}
        </Button>
        {board.closed ? null : (
          <Button icon={<Link2 size={18} />} onPress={() => setLinking(true)}>
            {t('boards.showLink')}
          </Button>
        )}
      </div>
      <Proposals board={board} />
      <Requests board={board.id} />
      <Drafts board={board.id} />
      <Readers board={board} readers={desk.readers} />
      <Bots board={board} />
      {desk.keepsEntry && !board.closed ? <CloseBoard board={board} /> : null}
      {linking ? <BoardLinkDialog board={board} onClose={() => setLinking(false)} /> : null}
    </>
  );
}
