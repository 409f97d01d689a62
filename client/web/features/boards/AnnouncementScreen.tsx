/** One announcement: what it says, what it asks, and for coordinators what came back. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement } from '#core/session/api.ts';
import { BackButton } from '../../app/BackButton.tsx';
import type { Place } from '../../app/navigation.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { useLive, useSession } from '../../app/session-context.tsx';
import { fullTime, machineTime } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Slow } from '../../components/Later.tsx';
import { Problem } from '../../components/Problem.tsx';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';
import { Announced } from './Announced.tsx';
import { AnnouncementTools } from './AnnouncementTools.tsx';
import { Answers } from './Answers.tsx';
import { Coordinating } from './desk/Coordinating.tsx';
import { EarlierDialog } from './EarlierDialog.tsx';
import { TotalsView } from './TotalsView.tsx';
import { useBoard } from './use-boards.ts';
import './boards.css';
import './print.css';

export function AnnouncementScreen({ place }: { readonly place: Extract<Place, { screen: 'announcement' }> }) {
  const { t } = useTranslation();
  const session = useSession();
  const board = useBoard(place.board);
  const { value: announcement, failure } = useLive(`announcement-${place.board}-${place.id}`, 'announcements', (live) => live.announcement(place.board, place.id));
  const unread = announcement?.read === false;
  useEffect(() => {
    if (unread) void session.markAnnouncementRead(place.board, place.id).catch(() => undefined);
  }, [session, place.board, place.id, unread]);
  const name = board?.name ?? '';
  return (
    <>
      <header className="bar">
        <BackButton />
        <div className="bar-words">
          <ScreenTitle>{t('boards.announcement')}</ScreenTitle>
          <p className="bar-fact">
            <bdi>{name}</bdi>
          </p>
        </div>
        {announcement === undefined ? null : <AnnouncementTools of={announcement} boardName={name} />}
      </header>
      <ConnectionBanner />
      <div className="page">
        <div className="page-inner">
          <Problem code={failure} />
          {announcement === undefined && failure === undefined ? (
            <p role="status" aria-busy="true">
              <Slow />
            </p>
          ) : null}
          {announcement === undefined ? null : (
            <>
              <Whole of={announcement} boardName={name} />
              <Answers of={announcement} />
              {announcement.totals === undefined || board?.desk !== undefined || announcement.withdrawn !== undefined ? null : <ReadersTotals of={announcement} />}
              {board?.desk === undefined ? null : <Coordinating of={announcement} board={board} />}
            </>
          )}
        </div>
      </div>
    </>
  );
}

/** Where it was withdrawn, why is said first, and its words only to whoever asks for them. */
function Whole({ of, boardName }: { readonly of: Announcement; readonly boardName: string }) {
  const { t, i18n } = useTranslation();
  const { withdrawn, corrected, expired, expiresAt } = of;
  const [earlier, setEarlier] = useState(false);
  const about = <About of={of} boardName={boardName} />;
  const whole = <Announced of={of} board={of.board} boardName={boardName} about={about} />;
  if (withdrawn !== undefined)
    return (
      <section className="withdrawn" data-testid="withdrawn">
        <p className="announced-change">
          {t('boards.withdrawnOn', { when: fullTime(withdrawn.at, i18n.language) })} {withdrawn.note === '' ? null : <bdi>{withdrawn.note}</bdi>}
        </p>
        <details className="withdrawn-words">
          <summary>{t('boards.whatItSaid')}</summary>
          {whole}
        </details>
      </section>
    );
  return (
    <>
      {corrected === undefined ? null : (
        <div className="announced-change" data-testid="corrected">
          <p>
            {t('boards.correctedOn', { when: fullTime(corrected.at, i18n.language) })} {corrected.note === '' ? null : <bdi>{corrected.note}</bdi>}
          </p>
          <Button weight="plain" onPress={() => setEarlier(true)}>
            {t('boards.earlier')}
          </Button>
        </div>
      )}
      {expired ? <p className="announced-change">{t('boards.expiredOn', { when: fullTime(expiresAt, i18n.language) })}</p> : null}
      {whole}
      {earlier ? <EarlierDialog of={of} boardName={boardName} onClose={() => setEarlier(false)} /> : null}
    </>
  );
}

function About({ of, boardName }: { readonly of: Announcement; readonly boardName: string }) {
  const { t, i18n } = useTranslation();
  return (
    <p className="announced-about">
      <bdi className="print-only">{boardName}</bdi>
      <time dateTime={machineTime(of.sentAt)}>{fullTime(of.sentAt, i18n.language)}</time>
      {of.bot === undefined ? null : <span>{t('boards.byProgram', { name: of.bot })}</span>}
    </p>
  );
}

function ReadersTotals({ of }: { readonly of: Announcement }) {
  const { t } = useTranslation();
  if (of.totals === undefined) return null;
  return (
    <section className="section" aria-label={t('boards.totals')}>
      <h2 className="section-title">{t('boards.totals')}</h2>
      <TotalsView of={of} totals={of.totals} />
    </section>
  );
}
