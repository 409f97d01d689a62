/** A page of text and lists under a head of its own. */
import type { ReactNode } from 'react';
import { ConnectionBanner } from '../features/connection/ConnectionBanner.tsx';
import { BackButton } from './BackButton.tsx';
import { ScreenTitle } from './ScreenTitle.tsx';

interface Props {
  readonly title: string;
  /** It lies below another screen, and the bottom bar does not lead there. */
  readonly below?: boolean;
  readonly children: ReactNode;
}

export function Screen({ title, below = false, children }: Props) {
  return (
    <>
      <header className="bar">
        {below ? <BackButton /> : null}
        <ScreenTitle>{title}</ScreenTitle>
      </header>
      <ConnectionBanner />
      <div className="page">
        <div className="page-inner">{children}</div>
      </div>
    </>
  );
}
