import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';
import './tick.css';

interface Props {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

export function Tick({ checked, onChange, children }: Props) {
  return (
    <Checkbox className="tick" isSelected={checked} onChange={onChange}>
      <span className="tick-box">{checked ? <Check size={15} strokeWidth={3} /> : null}</span>
      <span>{children}</span>
    </Checkbox>
  );
}
