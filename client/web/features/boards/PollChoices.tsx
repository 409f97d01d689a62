/** A question and what can be chosen: one, or several. */
import { Check } from 'lucide-react';
import { Checkbox, CheckboxGroup, Label, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PollText } from '#core/session/api.ts';
import { fullTime } from '../../app/times.ts';

interface Props {
  readonly poll: PollText;
  readonly votes: readonly number[];
  readonly onChange: (votes: readonly number[]) => void;
}

export function PollChoices({ poll, votes, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const { question, choices, several, closesAt } = poll;
  const shown = (choice: string, index: number) => (
    <>
      <span className={several ? 'tick-box' : 'tick-box tick-round'}>{votes.includes(index) ? <Check size={15} strokeWidth={3} /> : null}</span>
      <span className="answer-words">
        <bdi>{choice}</bdi>
      </span>
    </>
  );
  const head = (
    <Label className="field-label">
      <bdi>{question}</bdi>
    </Label>
  );
  return (
    <div className="answer-poll">
      {several ? (
        <CheckboxGroup className="answer-list" value={votes.map(String)} onChange={(chosen) => onChange(choices.map((_, index) => index).filter((index) => chosen.includes(String(index))))}>
          {head}
          {choices.map((choice, index) => (
            <Checkbox key={index} value={String(index)} className="tick answer-option">
              {shown(choice, index)}
            </Checkbox>
          ))}
        </CheckboxGroup>
      ) : (
        <RadioGroup className="answer-list" value={votes[0] === undefined ? null : String(votes[0])} onChange={(chosen) => onChange([Number(chosen)])}>
          {head}
          {choices.map((choice, index) => (
            <Radio key={index} value={String(index)} className="tick answer-option">
              {shown(choice, index)}
            </Radio>
          ))}
        </RadioGroup>
      )}
      <p className="answers-note">
        {several ? `${t('boards.several')} ` : ''}
        {closesAt === 0 ? null : t('boards.until', { when: fullTime(closesAt, i18n.language) })}
      </p>
    </div>
  );
}
