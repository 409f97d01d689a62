/** Buttons in the four weights the client knows, and the icon button with its tooltip. */
import type { ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger, type ButtonProps } from 'react-aria-components';
import { Spinner } from './Spinner.tsx';
import './button.css';

type Weight = 'primary' | 'quiet' | 'danger' | 'plain';

interface Props extends Omit<ButtonProps, 'className' | 'children' | 'style'> {
  readonly weight?: Weight;
  readonly icon?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Button({ weight = 'quiet', icon, wide = false, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={`button button-${weight}${wide ? ' button-wide' : ''}`}>
      {rest.isPending ? <Spinner /> : icon}
      <span>{children}</span>
    </AriaButton>
  );
}

interface IconProps extends Omit<ButtonProps, 'className' | 'children' | 'style' | 'aria-label'> {
  readonly label: string;
  readonly children: ReactNode;
  readonly tone?: 'plain' | 'accent' | 'on';
  /** Shown in the tooltip beside the label. */
  readonly keys?: string;
}

export function IconButton({ label, children, tone = 'plain', keys, ...rest }: IconProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={60}>
      <AriaButton {...rest} aria-label={label} className={`icon-button icon-button-${tone}`}>
        {rest.isPending ? <Spinner /> : children}
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {keys === undefined ? null : <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
