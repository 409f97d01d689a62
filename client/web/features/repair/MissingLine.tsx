/** Messages that did not arrive: whose, how it stands with them, and the button that asks for them. */
import { MailQuestionMark } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomEvent, RoomId } from '#core/session/api.ts';
import { useAct, useLive } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Name } from '../../components/Name.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';

interface Props {
  readonly room: RoomId;
  readonly seq: number;
  readonly event: Extract<RoomEvent, { what: 'missing' }>;
}

export function MissingLine({ room, seq, event }: Props) {
  const { t } = useTranslation();
  const all = useLive(`missing ${room}`, 'repair', (session) => session.missing(room)).value;
  const ask = useAct((session) => session.askAgain(room, seq));
  const state = all?.find((one) => one.seq === seq);
  const count = state?.count ?? event.count;
  const came = state?.count === 0;
  const sentence = came
    ? t('repair.came', { ...gaps('by') })
    : event.expired
      ? t('repair.expired', { count, ...gaps('by') })
      : t('repair.missing', { count, ...gaps('by') });
  return (
    <div className={came ? 'event' : 'event event-warning'} data-testid="event" data-event="missing" data-seq={seq}>
      {came ? null : <MailQuestionMark size={18} aria-hidden="true" />}
      <p>
        <Sentence text={sentence} parts={{ by: <Name person={event.by} /> }} />
        {state === undefined || came ? null : state.gone ? (
          <Sentence text={` ${t('repair.gone', gaps('by'))}`} parts={{ by: <Name person={event.by} /> }} />
        ) : state.asked ? (
          ` ${t('repair.askedAgain')}`
        ) : null}
      </p>
      {state === undefined || came || state.gone || state.asked ? null : (
        <Button weight="plain" isPending={ask.pending} onPress={() => void ask.run()}>
          {t('repair.askAgain', { count })}
        </Button>
      )}
    </div>
  );
}
