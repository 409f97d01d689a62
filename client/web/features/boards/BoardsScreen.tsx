/** Which boards there are, and what one is to each: reading, asking, or neither. */
import { Link2, Plus, Rows3 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setArrived, useArrived } from '../../app/arrived.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { Screen } from '../../app/Screen.tsx';
import { useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Slow } from '../../components/Later.tsx';
import { Problem } from '../../components/Problem.tsx';
import { BoardCard } from './BoardCard.tsx';
import { NewBoard } from './NewBoard.tsx';
import { OpenBoardLink } from './OpenBoardLink.tsx';
import { useBoards } from './use-boards.ts';
import './boards.css';

export function BoardsScreen() {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { maySetNeighbour: isSteward } = useOverview();
  const arrived = useArrived();
  const boards = useBoards();
  const [asking, setAsking] = useState<'nothing' | 'link' | 'new'>(arrived === undefined ? 'nothing' : 'link');
  useEffect(() => {
    if (arrived !== undefined) setAsking('link');
  }, [arrived]);
  const [led, setLed] = useState<string>();
  const close = () => {
    setArrived(undefined);
    setAsking('nothing');
  };
  return (
    <Screen title={t('boards.all')} below>
      <p className="page-lead">{t('boards.lead')}</p>
      <div className="boards-buttons">
        <Button icon={<Link2 size={18} />} onPress={() => setAsking('link')}>
          {t('boards.openLink')}
        </Button>
        {isSteward ? (
          <Button icon={<Plus size={18} />} onPress={() => setAsking('new')}>
            {t('boards.make')}
          </Button>
        ) : null}
      </div>
      <Problem code={boards.failure} />
      {boards.value === undefined && boards.failure === undefined ? (
        <p role="status" aria-busy="true">
          <Slow />
        </p>
      ) : null}
      {boards.value?.length === 0 ? (
        <Empty icon={<Rows3 size={28} />} title={t('boards.noneTitle')}>
          {t('boards.none')}
        </Empty>
      ) : (
        <ul className="section">
          {boards.value?.map((board) => (
            <BoardCard key={board.id} board={board} led={board.id === led} />
          ))}
        </ul>
      )}
      {asking === 'link' ? <OpenBoardLink key={arrived} link={arrived} onClose={close} onOpened={setLed} /> : null}
      {asking === 'new' ? <NewBoard onClose={close} onMade={(board) => open({ screen: 'desk', board })} /> : null}
    </Screen>
  );
}
