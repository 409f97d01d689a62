/** How and when it goes out: at once or later, after a second signature where the board asks for one. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnouncementId, AnnouncementText, BoardSummary } from '#core/session/api.ts';
import { useAct, useOverview } from '../../../app/session-context.tsx';
import { fullTime } from '../../../app/times.ts';
import { Button } from '../../../components/Button.tsx';
import { Choice } from '../../../components/Choice.tsx';
import { Field } from '../../../components/Field.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { useDesk } from '../desk/use-desk.ts';
import { LONGEST_NOTE } from '../limits.ts';
import { ownZone } from '../zones.ts';
import { faultIn, isBlank, tidied, type Fault } from './text.ts';
import { TimeField } from './TimeField.tsx';

interface Props {
  readonly board: BoardSummary;
  readonly text: AnnouncementText;
  readonly draft: AnnouncementId | undefined;
  readonly corrects: AnnouncementId | undefined;
  /** It is out of the writer's hands: sent, handed in, or kept. */
  readonly onDone: () => void;
}

const FAULTS: Record<Fault, 'boards.faultTitle' | 'boards.faultLong' | 'boards.faultBegin' | 'boards.faultEnd' | 'boards.faultMap' | 'boards.faultShift' | 'boards.faultQuestion' | 'boards.faultChoices' | 'boards.faultExpired' | 'boards.faultClosed' | 'boards.faultPast'> = {
  title: 'boards.faultTitle', long: 'boards.faultLong', begin: 'boards.faultBegin', end: 'boards.faultEnd', map: 'boards.faultMap', shift: 'boards.faultShift',
  question: 'boards.faultQuestion', choices: 'boards.faultChoices', expired: 'boards.faultExpired', closed: 'boards.faultClosed', past: 'boards.faultPast',
};

export function Sending({ board, text, draft, corrects, onDone }: Props) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [at, setAt] = useState(0);
  const [note, setNote] = useState('');
  const publishAt = when === 'later' && corrects === undefined ? at : 0;
  const fault = faultIn(text, publishAt, Date.now());
  const waitsForTime = when === 'later' && at === 0 && corrects === undefined;
  const mayNot = board.desk?.mayAnnounce !== true;
  const two = board.signatures === 2;
  const { me } = useOverview();
  const bot = useDesk('bots', board.id, (session) => session.bots(board.id)).value?.find(({ member }) => member === me?.id);
  const send = useAct(async (session) => {
    if (corrects !== undefined) return session.correct(board.id, corrects, tidied(text), note.trim());
    return session.announce(board.id, tidied(text), { publishAt, bot: bot !== undefined, ...(draft !== undefined && { draft }) });
  });
  const keep = useAct((session) => session.saveBoardDraft(board.id, text, draft));
  const press = async () => {
    if ((await send.run()) !== 'done') return;
    say(two ? t('boards.handedIn') : publishAt > 0 ? t('boards.scheduled') : t('boards.sent'));
    onDone();
  };
  const save = async () => {
    if ((await keep.run()) !== 'done') return;
    say(t('boards.draftKept'));
    onDone();
  };
  return (
    <section className="section" aria-label={t('boards.sending')}>
      <h2 className="section-title">{t('boards.sending')}</h2>
      {corrects === undefined ? (
        <Choice label={t('boards.whenToSend')} value={when} onChange={setWhen} options={[{ value: 'now', label: t('boards.now') }, { value: 'later', label: t('boards.later') }]} />
      ) : (
        <Field label={t('boards.note')} help={t('boards.correctNoteHelp')} value={note} onChange={setNote} maxLength={LONGEST_NOTE} autoComplete="off" />
      )}
      {when === 'later' && corrects === undefined ? (
        <>
          <TimeField label={t('boards.sendAt')} at={at} zone={ownZone()} onChange={setAt} />
          <p className="writing-note">{at === 0 ? t('boards.laterHelp') : t('boards.laterAt', { when: fullTime(at, i18n.language) })}</p>
        </>
      ) : null}
      {bot === undefined || corrects !== undefined ? null : <p className="writing-note">{t('boards.asProgram', { name: bot.name })}</p>}
      {two ? <p className="writing-note">{t('boards.twoHelp')}</p> : null}
      {mayNot ? <p className="announced-change">{t('boards.mayNotYet')}</p> : null}
      {fault === undefined || isBlank(text) ? null : (
        <p className="writing-fault" role="status">
          {t(FAULTS[fault])}
        </p>
      )}
      <Problem code={send.failure ?? keep.failure} />
      <div className="boards-buttons writing-end">
        {corrects === undefined ? (
          <Button isPending={keep.pending} isDisabled={isBlank(text) || send.pending} onPress={() => void save()}>
            {t('boards.keepDraft')}
          </Button>
        ) : null}
        <Button weight="primary" isPending={send.pending} isDisabled={fault !== undefined || waitsForTime || mayNot || keep.pending} onPress={() => void press()}>
          {corrects !== undefined ? t('boards.sendCorrection') : two ? t('boards.handIn') : publishAt > 0 ? t('boards.schedule') : t('boards.send')}
        </Button>
      </div>
    </section>
  );
}
