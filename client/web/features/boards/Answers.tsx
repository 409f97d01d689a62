/** What a reader may say to an announcement: whether they come, which shift they take, what they choose, that they have read it. */
import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement } from '#core/session/api.ts';
import { useAct, useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Tick } from '../../components/Tick.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { asksAnything, asksOf, isOpen, NOTHING_GIVEN, sameGiven, type Asks, type Given } from './answering.ts';
import { PollChoices } from './PollChoices.tsx';
import { Shifts } from './Shifts.tsx';

export function Answers({ of }: { readonly of: Announcement }) {
  const asks = asksOf(of, Date.now());
  if (!isOpen(of) || !asksAnything(asks)) return null;
  return <Form of={of} asks={asks} />;
}

const givenOf = ({ answer }: Announcement): Given =>
  answer === undefined ? NOTHING_GIVEN : { acknowledged: answer.acknowledged, coming: answer.coming, votes: answer.votes, shifts: answer.shifts };

function Form({ of, asks }: { readonly of: Announcement; readonly asks: Asks }) {
  const { t } = useTranslation();
  const say = useSay();
  const { me } = useOverview();
  const before = givenOf(of);
  const [given, setGiven] = useState(before);
  const [named, setNamed] = useState(false);
  const known = JSON.stringify(before);
  useEffect(() => setGiven(JSON.parse(known) as Given), [known]);
  const send = useAct((session, answer: Given) => session.answer(of.board, of.id, answer, named ? me?.name : undefined));
  const press = async (answer: Given) => {
    if ((await send.run(answer)) === 'done') say(t('boards.answered'));
  };
  const change = (what: Partial<Given>): void => setGiven({ ...given, ...what });
  const more = asks.coming || asks.shifts || asks.poll;
  return (
    <section className="card answers" aria-label={t('boards.answersTitle')} data-testid="answers">
      {asks.coming ? (
        <Choice label={t('boards.areYouComing')} value={given.coming ?? 'unsaid'} onChange={(coming) => coming !== 'unsaid' && change({ coming })}
          options={[{ value: 'yes', label: t('boards.yes') }, { value: 'maybe', label: t('boards.maybe') }, { value: 'no', label: t('boards.no') }]} />
      ) : null}
      {asks.shifts && of.event ? <Shifts event={of.event} totals={of.totals} mine={given.shifts} full={of.answer?.full ?? []} held={before.shifts} onChange={(shifts) => change({ shifts })} /> : null}
      {asks.poll && of.poll ? <PollChoices poll={of.poll} votes={given.votes} onChange={(votes) => change({ votes })} /> : null}
      {asks.acknowledge && before.acknowledged ? (
        <p className="answers-done">
          <Check size={18} aria-hidden="true" /> {t('boards.acknowledged')}
        </p>
      ) : null}
      <Tick checked={named} onChange={setNamed}>
        {t('boards.tellName')}
      </Tick>
      <p className="answers-note">{t('boards.whoSees')}</p>
      <Problem code={send.failure} />
      <div className="answers-buttons">
        {asks.acknowledge && !before.acknowledged ? (
          <Button weight={more ? 'quiet' : 'primary'} isPending={send.pending} onPress={() => void press({ ...given, acknowledged: true })}>
            {t('boards.acknowledge')}
          </Button>
        ) : null}
        {more ? (
          <Button weight="primary" isPending={send.pending} isDisabled={sameGiven(given, before)} onPress={() => void press(given)}>
            {of.answer === undefined ? t('boards.sendAnswer') : t('boards.changeAnswer')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
