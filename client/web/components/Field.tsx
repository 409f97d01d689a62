/** A labelled line of text with its help and its problem. */
import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';
import './field.css';

interface Props extends Omit<TextFieldProps, 'className' | 'children' | 'style'> {
  readonly label: string;
  readonly help?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly problem?: string | undefined;
  /** Sits at the end of the input, inside its border. */
  readonly end?: ReactNode;
}

export function Field({ label, help, placeholder, problem, end, ...rest }: Props) {
  return (
    <TextField {...rest} isInvalid={problem !== undefined} className="field">
      <Label className="field-label">{label}</Label>
      <div className="field-box">
        <Input className="field-input" dir="auto" {...(placeholder === undefined ? {} : { placeholder })} />
        {end}
      </div>
      {help === undefined ? null : (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-problem">{problem}</FieldError>
    </TextField>
  );
}
