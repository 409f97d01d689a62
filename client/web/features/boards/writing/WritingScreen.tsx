/** A coordinator writes an announcement, or goes on with what one of them began, or corrects one that is out. */
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnouncementText, BoardSummary, Session, SessionFailureCode } from '#core/session/api.ts';
import { BackButton } from '../../../app/BackButton.tsx';
import { useNavigation, type Place } from '../../../app/navigation.tsx';
import { ScreenTitle } from '../../../app/ScreenTitle.tsx';
import { codeOf } from '../../../app/live.ts';
import { useSession } from '../../../app/session-context.tsx';
import { Choice } from '../../../components/Choice.tsx';
import { Slow } from '../../../components/Later.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { Tick } from '../../../components/Tick.tsx';
import { ConnectionBanner } from '../../connection/ConnectionBanner.tsx';
import { useBoards } from '../use-boards.ts';
import { ownZone } from '../zones.ts';
import { begunAt, setBegun } from './begun.ts';
import { EventFields } from './EventFields.tsx';
import { FileFields } from './FileFields.tsx';
import { PollFields } from './PollFields.tsx';
import { Preview } from './Preview.tsx';
import { Sending } from './Sending.tsx';
import { emptyEvent, emptyPoll, emptyText } from './text.ts';
import { TimeField } from './TimeField.tsx';
import { WordingFields } from './WordingFields.tsx';
import '../boards.css';
import './writing.css';

type WritingPlace = Extract<Place, { screen: 'writing' }>;

export function WritingScreen({ place }: { readonly place: WritingPlace }) {
  const { t, i18n } = useTranslation();
  const { value: boards, failure } = useBoards();
  const board = boards?.find(({ id }) => id === place.board);
  const first = useFirst(place, i18n.language.split('-')[0] ?? 'en');
  return (
    <>
      <header className="bar">
        <BackButton />
        <div className="bar-words">
          <ScreenTitle>{place.corrects === undefined ? t('boards.writing') : t('boards.correcting')}</ScreenTitle>
          <p className="bar-fact">
            <bdi>{board?.name}</bdi>
          </p>
        </div>
      </header>
      <ConnectionBanner />
      <div className="page">
        <div className="page-inner">
          <Problem code={failure ?? first.failure ?? (boards !== undefined && board?.desk === undefined ? 'not-allowed' : undefined)} />
          {first.value === undefined && first.failure === undefined ? (
            <p role="status" aria-busy="true">
              <Slow />
            </p>
          ) : null}
          {board?.desk === undefined || first.value === undefined ? null : <Writing board={board} place={place} first={first.value} />}
        </div>
      </div>
    </>
  );
}

/** What there is to begin with, read once: what somebody else changes meanwhile does not change it under the writer's hands. */
function useFirst(place: WritingPlace, language: string): { readonly value: AnnouncementText | undefined; readonly failure: SessionFailureCode | undefined } {
  const session = useSession();
  const [state, setState] = useState<{ readonly value: AnnouncementText | undefined; readonly failure: SessionFailureCode | undefined }>({ value: undefined, failure: undefined });
  useEffect(() => {
    let gone = false;
    void read(session, place, language).then(
      (value) => gone || setState({ value, failure: undefined }),
      (error: unknown) => gone || setState({ value: undefined, failure: codeOf(error) }),
    );
    return () => {
      gone = true;
    };
  }, [session, place, language]);
  return state;
}

async function read(session: Session, { board, draft, corrects }: WritingPlace, language: string): Promise<AnnouncementText> {
  if (corrects !== undefined) return textOf(await session.announcement(board, corrects));
  const kept = draft === undefined ? undefined : (await session.boardDrafts(board)).find(({ id }) => id === draft)?.text;
  return kept ?? emptyText(language);
}

const textOf = ({ wordings, priority, pinned, files, expiresAt, acknowledge, event, poll }: AnnouncementText): AnnouncementText => ({ wordings, priority, pinned, files, expiresAt, acknowledge, event, poll });

function Writing({ board, place, first }: { readonly board: BoardSummary; readonly place: WritingPlace; readonly first: AnnouncementText }) {
  const { t } = useTranslation();
  const session = useSession();
  const { back } = useNavigation();
  const key = `${place.board} ${place.draft} ${place.corrects}`;
  const [text, setText] = useState(() => begunAt(session, key) ?? first);
  const [mode, setMode] = useState<'write' | 'preview'>('write');
  const change = (how: (text: AnnouncementText) => AnnouncementText): void =>
    setText((old) => {
      const next = how(old);
      setBegun(session, key, next);
      return next;
    });
  const set = (what: Partial<AnnouncementText>): void => change((old) => ({ ...old, ...what }));
  const done = () => {
    setBegun(session, key, undefined);
    back();
  };
  return (
    <>
      <Choice label={t('boards.mode')} value={mode} onChange={setMode} options={[{ value: 'write', label: t('boards.modeWrite') }, { value: 'preview', label: t('boards.modePreview') }]} />
      {mode === 'preview' ? (
        <Preview text={text} boardName={board.name} />
      ) : (
        <>
          <Part title={t('boards.partWords')}>
            <WordingFields wordings={text.wordings} onChange={(wordings) => set({ wordings })} />
          </Part>
          <Part title={t('boards.files')}>
            <FileFields board={board.id} files={text.files} onChange={(how) => change((old) => ({ ...old, files: how(old.files) }))} />
          </Part>
          <Part title={t('boards.partHow')}>
            <Choice label={t('boards.priority')} help={text.priority === 'urgent' ? t('boards.urgentHelp') : undefined} value={text.priority} onChange={(priority) => set({ priority })}
              options={[{ value: 'normal', label: t('boards.normal') }, { value: 'important', label: t('boards.important') }, { value: 'urgent', label: t('boards.urgent') }]} />
            <Tick checked={text.pinned} onChange={(pinned) => set({ pinned })}>
              {t('boards.pinnedTick')}
            </Tick>
            <Tick checked={text.acknowledge} onChange={(acknowledge) => set({ acknowledge })}>
              {t('boards.acknowledgeTick')}
            </Tick>
            <TimeField label={t('boards.expires')} help={t('boards.expiresHelp')} at={text.expiresAt} zone={ownZone()} onChange={(expiresAt) => set({ expiresAt })} />
          </Part>
          <Part title={t('boards.event')}>
            <Tick checked={text.event !== undefined} onChange={(on) => set({ event: on ? emptyEvent(ownZone()) : undefined })}>
              {t('boards.eventTick')}
            </Tick>
            {text.event === undefined ? null : <EventFields event={text.event} onChange={(event) => set({ event })} />}
          </Part>
          <Part title={t('boards.poll')}>
            <Tick checked={text.poll !== undefined} onChange={(on) => set({ poll: on ? emptyPoll : undefined })}>
              {t('boards.pollTick')}
            </Tick>
            {text.poll === undefined ? null : <PollFields poll={text.poll} onChange={(poll) => set({ poll })} />}
          </Part>
        </>
      )}
      <Sending board={board} text={text} draft={place.draft} corrects={place.corrects} onDone={done} />
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card writing-part" aria-label={title}>
      <h2 className="section-title">{title}</h2>
      {children}
    </section>
  );
}
