import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PollText } from '#core/session/api.ts';
import { Button, IconButton } from '../../../components/Button.tsx';
import { Field } from '../../../components/Field.tsx';
import { Tick } from '../../../components/Tick.tsx';
import { LONGEST_CHOICE, MOST_CHOICES } from '../limits.ts';
import { ownZone } from '../zones.ts';
import { TimeField } from './TimeField.tsx';

interface Props {
  readonly poll: PollText;
  readonly onChange: (poll: PollText) => void;
}

/** A question to the readers and what they can choose. */
export function PollFields({ poll, onChange }: Props) {
  const { t } = useTranslation();
  const { choices } = poll;
  const change = (what: Partial<PollText>): void => onChange({ ...poll, ...what });
  return (
    <>
      <Field label={t('boards.question')} value={poll.question} onChange={(question) => change({ question })} maxLength={LONGEST_CHOICE} autoComplete="off" />
      {choices.map((choice, index) => (
        <Field
          key={index}
          label={t('boards.choiceNumber', { number: index + 1 })}
          value={choice}
          maxLength={LONGEST_CHOICE}
          autoComplete="off"
          onChange={(text) => change({ choices: choices.map((known, at) => (at === index ? text : known)) })}
          end={
            choices.length > 2 ? (
              <IconButton label={t('boards.removeChoice', { number: index + 1 })} onPress={() => change({ choices: choices.filter((_, at) => at !== index) })}>
                <X size={18} />
              </IconButton>
            ) : undefined
          }
        />
      ))}
      {choices.length < MOST_CHOICES ? (
        <Button icon={<Plus size={18} />} onPress={() => change({ choices: [...choices, ''] })}>
          {t('boards.addChoice')}
        </Button>
      ) : null}
      <Tick checked={poll.several} onChange={(several) => change({ several })}>
        {t('boards.maySeveral')}
      </Tick>
      <TimeField label={t('boards.closes')} help={t('boards.closesHelp')} at={poll.closesAt} zone={ownZone()} onChange={(closesAt) => change({ closesAt })} />
    </>
  );
}
