/** What is ready and has not gone out: it waits for a signature, or for its time. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardSummary, Proposal } from '#core/session/api.ts';
import { useAct, useLive } from '../../../app/session-context.tsx';
import { fullTime } from '../../../app/times.ts';
import { Button } from '../../../components/Button.tsx';
import { Modal, ModalButtons } from '../../../components/Modal.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { Announced } from '../Announced.tsx';
import { spokenHere, wordingFor } from '../wordings.ts';
import { useDesk } from './use-desk.ts';

export function Proposals({ board }: { readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const { value, failure } = useDesk('proposals', board.id, (session) => session.proposals(board.id));
  if (failure === undefined && !value?.length) return null;
  return (
    <section className="section" aria-label={t('boards.waiting')}>
      <h2 className="section-title">{t('boards.waiting')}</h2>
      <Problem code={failure} />
      <ul className="section">
        {value?.map((proposal) => (
          <ProposalCard key={`${proposal.what} ${proposal.id}`} board={board} proposal={proposal} />
        ))}
      </ul>
    </section>
  );
}

const WHAT = { announcement: 'boards.announcement', correction: 'boards.correction', withdrawal: 'boards.withdrawal' } as const;

function ProposalCard({ board, proposal }: { readonly board: BoardSummary; readonly proposal: Proposal }) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const [looking, setLooking] = useState(false);
  const { id, text, note, what } = proposal;
  const sign = useAct((session) => session.sign(board.id, id));
  const cancel = useAct((session) => session.cancelProposal(board.id, id));
  const of = proposal.of;
  const { value: changed } = useLive(`announcement-${board.id}-${of}`, 'announcements', of === undefined ? undefined : (session) => session.announcement(board.id, of));
  /** What is looked at: what it will say, or what will be gone. */
  const seen = text ?? changed;
  const title = seen === undefined ? note : (wordingFor(seen.wordings, spokenHere(i18n.language))?.title ?? '');
  const names = new Intl.ListFormat(i18n.language).format(proposal.signedBy.map(({ name }) => name));
  const act = async (run: () => Promise<string>, done: string) => {
    if ((await run()) !== 'done') return;
    setLooking(false);
    say(done);
  };
  const buttons = (
    <>
      <Button isPending={cancel.pending} aria-label={t('boards.cancelProposalOf', { title })} onPress={() => void act(cancel.run, t('boards.cancelled'))}>
        {t('boards.cancelProposal')}
      </Button>
      {proposal.maySign ? (
        <Button weight="primary" isPending={sign.pending} aria-label={t('boards.signOf', { title })} onPress={() => void act(sign.run, t('boards.signed'))}>
          {t('boards.sign')}
        </Button>
      ) : null}
    </>
  );
  return (
    <li className="card desk-card" data-testid="proposal" data-late={proposal.late || undefined}>
      <p className="desk-what">{t(WHAT[what])}</p>
      <p className="desk-title" dir="auto">
        {title === '' ? t('boards.untitled') : title}
      </p>
      <p className="desk-facts">
        <span>{t('boards.signedBy', { names })}</span>{' '}
        {proposal.missing > 0 ? <span>{t('boards.missing', { count: proposal.missing })}</span> : proposal.late ? null : proposal.publishAt > 0 ? null : <span>{t('boards.goesNow')}</span>}{' '}
        {proposal.late ? <span>{t('boards.late')}</span> : proposal.publishAt > 0 ? <span>{t('boards.goesAt', { when: fullTime(proposal.publishAt, i18n.language) })}</span> : null}
      </p>
      {note === '' || note === title ? null : (
        <p className="desk-facts">
          <bdi>{note}</bdi>
        </p>
      )}
      <Problem code={sign.failure ?? cancel.failure} />
      <div className="boards-buttons">
        {seen === undefined ? null : (
          <Button weight="plain" aria-label={t('boards.lookAtOf', { title })} onPress={() => setLooking(true)}>
            {t('boards.lookAt')}
          </Button>
        )}
        {buttons}
      </div>
      {looking && seen !== undefined ? (
        <Modal title={t(WHAT[what])} open onClose={() => setLooking(false)}>
          {note === '' ? null : <p className="announced-change"><bdi>{note}</bdi></p>}
          <Announced of={seen} board={board.id} boardName={board.name} />
          <Problem code={sign.failure ?? cancel.failure} />
          <ModalButtons>{buttons}</ModalButtons>
        </Modal>
      ) : null}
    </li>
  );
}
