/** One of a few, all in view. */
import { Label, Radio, RadioGroup, Text } from 'react-aria-components';
import './choice.css';

interface Props<Value extends string | number> {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

export function Choice<Value extends string | number>({ label, help, value, options, onChange }: Props<Value>) {
  const pick = (text: string): void => {
    const option = options.find((known) => String(known.value) === text);
    if (option) onChange(option.value);
  };
  return (
    <RadioGroup className="choice" value={String(value)} onChange={pick}>
      <Label className="field-label">{label}</Label>
      <div className="choice-options">
        {options.map((option) => (
          <Radio key={option.value} value={String(option.value)} className="choice-option">
            {option.label}
          </Radio>
        ))}
      </div>
      {help === undefined ? null : (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
    </RadioGroup>
  );
}
