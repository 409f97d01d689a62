/** Below an announcement, for its coordinators: what came back, and what may be done about it. */
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement, BoardSummary } from '#core/session/api.ts';
import { useNavigation } from '../../../app/navigation.tsx';
import { useAct } from '../../../app/session-context.tsx';
import { Button } from '../../../components/Button.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { TotalsView } from '../TotalsView.tsx';
import { NamedAnswers } from './NamedAnswers.tsx';
import { useDesk } from './use-desk.ts';
import { WithdrawDialog } from './WithdrawDialog.tsx';
import './desk.css';

export function Coordinating({ of, board }: { readonly of: Announcement; readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const asksReaders = of.acknowledge || of.poll !== undefined || (of.event !== undefined && (of.event.answers || of.event.shifts.length > 0));
  const changes = of.withdrawn === undefined && !board.closed;
  if (!asksReaders && !changes) return null;
  return (
    <section className="desk-section" aria-label={t('boards.forCoordinators')} data-testid="coordinating">
      <h2 className="section-title">{t('boards.forCoordinators')}</h2>
      {asksReaders ? <Came of={of} closed={board.closed} /> : null}
      {changes ? <Changing of={of} board={board} /> : null}
    </section>
  );
}

function Came({ of, closed }: { readonly of: Announcement; readonly closed: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const totals = useDesk(`tally-${of.id}`, of.board, (session) => session.tally(of.board, of.id));
  const [named, setNamed] = useState(false);
  const post = useAct((session) => session.postTotals(of.board, of.id));
  const press = async () => {
    if ((await post.run()) === 'done') say(t('boards.totalsShown'));
  };
  return (
    <div className="card desk-card">
      {totals.value === undefined ? null : <TotalsView of={of} totals={totals.value} />}
      <Problem code={totals.failure ?? post.failure} />
      <div className="boards-buttons">
        <Button weight="plain" icon={<RefreshCw size={17} />} onPress={totals.refresh}>
          {t('boards.countAgain')}
        </Button>
        <Button onPress={() => setNamed(true)}>{t('boards.namedAnswers')}</Button>
        {closed || of.withdrawn !== undefined ? null : (
          <Button isPending={post.pending} onPress={() => void press()}>
            {t('boards.showTotals')}
          </Button>
        )}
      </div>
      {named ? <NamedAnswers of={of} onClose={() => setNamed(false)} /> : null}
    </div>
  );
}

function Changing({ of, board }: { readonly of: Announcement; readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const [withdrawing, setWithdrawing] = useState(false);
  const pin = useAct((session) => session.pinAnnouncement(of.board, of.id, !of.pinned));
  return (
    <>
      <Problem code={pin.failure} />
      <div className="boards-buttons">
        <Button onPress={() => open({ screen: 'writing', board: of.board, corrects: of.id })}>{t('boards.correct')}</Button>
        <Button isPending={pin.pending} onPress={() => void pin.run()}>
          {of.pinned ? t('boards.unpin') : t('boards.pin')}
        </Button>
        <Button onPress={() => setWithdrawing(true)}>{t('boards.withdraw')}</Button>
      </div>
      {withdrawing ? <WithdrawDialog of={of} board={board} onClose={() => setWithdrawing(false)} /> : null}
    </>
  );
}
