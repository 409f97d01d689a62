/** A day and an hour, as clocks of one zone show them. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsAt, momentOf } from '../zones.ts';

interface Props {
  readonly label: string;
  /** Milliseconds since 1970; 0: none. */
  readonly at: number;
  readonly zone: string;
  readonly onChange: (at: number) => void;
  readonly help?: string | undefined;
}

/** Give it another `key` where the zone changes: its fields are those of one zone. */
export function TimeField({ label, at, zone, onChange, help }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [fields, setFields] = useState(() => fieldsAt(at, zone));
  const change = (next: typeof fields): void => {
    setFields(next);
    onChange(momentOf(next.day, next.hour, zone));
  };
  return (
    <div className="field time-field" role="group" aria-labelledby={id}>
      <span className="field-label" id={id}>
        {label}
      </span>
      <div className="time-boxes">
        <div className="field-box">
          <input className="field-input" type="date" aria-label={t('boards.dayOf', { label })} value={fields.day} onChange={(event) => change({ ...fields, day: event.target.value })} />
        </div>
        <div className="field-box">
          <input className="field-input" type="time" aria-label={t('boards.hourOf', { label })} value={fields.hour} onChange={(event) => change({ ...fields, hour: event.target.value })} />
        </div>
      </div>
      {help === undefined ? null : <span className="field-help">{help}</span>}
    </div>
  );
}
