/** One of many: the list of the browser itself, which every device shows in its own way. */
import { useId } from 'react';
import './field.css';
import './select-field.css';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly help?: string | undefined;
}

export function SelectField({ label, value, options, onChange, help }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="field-box">
        <select id={id} className="field-input select-field" value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
      {help === undefined ? null : <span className="field-help">{help}</span>}
    </div>
  );
}
