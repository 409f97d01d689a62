/** Where a link of an invitation is pasted. */
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  /** What was there when it was last looked at is no such link. */
  readonly wrong: boolean;
  readonly onChange: (text: string) => void;
  readonly autoFocus?: boolean;
}

export function LinkField({ label, value, wrong, onChange, autoFocus = false }: Props) {
  const { t } = useTranslation();
  return (
    <Field
      label={label}
      placeholder={t('welcome.linkPlaceholder')}
      value={value}
      onChange={onChange}
      problem={wrong ? t('failure.bad-link') : undefined}
      autoComplete="off"
      spellCheck="false"
      inputMode="url"
      autoFocus={autoFocus}
    />
  );
}
