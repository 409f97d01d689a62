/** Three of the twelve words typed again, each from another third: whoever can do that has written them down. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { chance } from '#shared/chance.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { ModalButtons } from '../../components/Modal.tsx';

const ASKED = 3;

interface Props {
  readonly words: readonly string[];
  readonly pending: boolean;
  readonly onBack: () => void;
  readonly onRight: () => void;
}

export function CheckWords({ words, pending, onBack, onRight }: Props) {
  const { t } = useTranslation();
  const [places] = useState(() => Array.from({ length: ASKED }, (_, third) => Math.floor(((third + chance()) * words.length) / ASKED)));
  const [said, setSaid] = useState<readonly string[]>(() => places.map(() => ''));
  const [checked, setChecked] = useState(false);
  const isWrong = (index: number): boolean => said[index]?.trim().toLowerCase() !== words[places[index] ?? 0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pending) return;
    setChecked(true);
    if (!places.some((_, index) => isWrong(index))) onRight();
  };
  return (
    <form className="modal-form" onSubmit={submit} noValidate>
      <p className="modal-text">{t('backup.checkLead')}</p>
      {places.map((place, index) => (
        <Field
          key={place}
          label={t('backup.checkWord', { number: place + 1 })}
          value={said[index] ?? ''}
          onChange={(value) => {
            setSaid(said.map((old, at) => (at === index ? value : old)));
            setChecked(false);
          }}
          problem={checked && isWrong(index) ? t('backup.checkWrong', { number: place + 1 }) : undefined}
          isDisabled={pending}
          autoFocus={index === 0}
          autoComplete="off"
          autoCorrect="off"
          spellCheck="false"
        />
      ))}
      <ModalButtons>
        <Button onPress={onBack} isDisabled={pending}>
          {t('backup.again')}
        </Button>
        <Button weight="primary" type="submit" isPending={pending} isDisabled={said.some((word) => word.trim() === '')}>
          {t('backup.save')}
        </Button>
      </ModalButtons>
    </form>
  );
}
