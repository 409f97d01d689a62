/** One board of the list: what it is to this person, and what they may do about it. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Tick } from '../../components/Tick.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { BoardLinkDialog } from './BoardLinkDialog.tsx';
import { isRead, waitingAt } from './use-boards.ts';

interface Props {
  readonly board: BoardSummary;
  /** A link led to it. */
  readonly led: boolean;
}

export function BoardCard({ board, led }: Props) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { id, name, reading, desk, closed } = board;
  const [asking, setAsking] = useState<'nothing' | 'leave' | 'link'>('nothing');
  const close = () => setAsking('nothing');
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (led) card.current?.scrollIntoView({ block: 'center' });
  }, [led]);
  const say = useSay();
  const subscribe = useAct((session) => session.subscribeBoard(id));
  const withdraw = useAct((session) => session.unsubscribeBoard(id));
  const urgent = useAct((session, on: boolean) => session.setUrgentAnytime(id, on));
  const join = async () => {
    if ((await subscribe.run()) === 'done') say(board.joining === 'open' ? t('boards.reads', { name }) : t('boards.asked', { name }));
  };
  const mayAsk = !closed && (reading === 'no' || reading === 'refused');
  return (
    <li ref={card} className="card board-card" data-testid="board" data-reading={reading} data-led={led || undefined}>
      <h2 className="board-name">
        <bdi>{name}</bdi>
      </h2>
      <BoardFacts board={board} />
      <Problem code={subscribe.failure ?? withdraw.failure ?? urgent.failure} />
      {reading === 'yes' && !closed ? (
        <Tick checked={board.urgentAnytime} onChange={(on) => void urgent.run(on)}>
          {t('boards.urgentAnytime')}
        </Tick>
      ) : null}
      <div className="boards-buttons">
        {mayAsk ? (
          <Button weight={led ? 'primary' : 'quiet'} isPending={subscribe.pending} aria-label={board.joining === 'open' ? t('boards.subscribeOf', { name }) : t('boards.askOf', { name })} onPress={() => void join()}>
            {board.joining === 'open' ? t('boards.subscribe') : t('boards.ask')}
          </Button>
        ) : null}
        {isRead(board) ? (
          <Button aria-label={t('boards.openOf', { name })} onPress={() => open({ screen: 'announcements', board: id })}>
            {t('boards.open')}
          </Button>
        ) : null}
        {desk === undefined ? null : (
          <Button aria-label={t('boards.coordinateOf', { name })} onPress={() => open({ screen: 'desk', board: id })}>
            {t('boards.coordinate')}
          </Button>
        )}
        {reading === 'yes' && board.listed && !closed ? (
          <Button weight="plain" aria-label={t('boards.showLinkOf', { name })} onPress={() => setAsking('link')}>
            {t('boards.showLink')}
          </Button>
        ) : null}
        {reading === 'yes' ? (
          <Button weight="plain" aria-label={t('boards.unsubscribeOf', { name })} onPress={() => setAsking('leave')}>
            {t('boards.unsubscribe')}
          </Button>
        ) : null}
        {reading === 'asked' ? (
          <Button weight="plain" isPending={withdraw.pending} aria-label={t('boards.takeBackOf', { name })} onPress={() => void withdraw.run()}>
            {t('boards.takeBack')}
          </Button>
        ) : null}
      </div>
      {asking === 'leave' ? <Leave board={board} onClose={close} /> : null}
      {asking === 'link' ? <BoardLinkDialog board={board} onClose={close} /> : null}
    </li>
  );
}

function BoardFacts({ board }: { readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const facts = [
    board.closed ? t('boards.closed') : undefined,
    board.reading === 'asked' ? t('boards.isAsked') : board.reading === 'refused' ? t('boards.isRefused') : board.reading === 'removed' ? t('boards.isRemoved') : undefined,
    board.reading === 'no' || board.reading === 'refused' ? (board.joining === 'open' ? t('boards.isOpen') : t('boards.isApproved')) : undefined,
    board.reading === 'yes' ? (board.unread > 0 ? t('boards.unread', { count: board.unread }) : t('boards.youRead')) : undefined,
    board.listed ? undefined : t('boards.isUnlisted'),
    waitingAt(board) > 0 ? t('boards.needs', { count: waitingAt(board) }) : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <p className="board-facts">
      {facts.map((fact) => (
        <span key={fact}>{fact} </span>
      ))}
    </p>
  );
}

function Leave({ board, onClose }: { readonly board: BoardSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const leave = useAct((session) => session.unsubscribeBoard(board.id));
  const press = async () => {
    if ((await leave.run()) !== 'done') return;
    say(t('boards.unsubscribed', { name: board.name }));
    onClose();
  };
  return (
    <Modal title={t('boards.unsubscribeTitle', { name: board.name })} open onClose={onClose} grave>
      <p className="modal-text">{board.joining === 'open' ? t('boards.unsubscribeOpen') : t('boards.unsubscribeApproved')}</p>
      <Problem code={leave.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={leave.pending} onPress={() => void press()}>
          {t('boards.unsubscribe')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
