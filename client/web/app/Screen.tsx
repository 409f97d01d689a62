/** A page of text and lists under a head of its own. */
import type { ReactNode } from 'react';
import { ConnectionBanner } from '../features/connection/ConnectionBanner.tsx';
import { ScreenTitle } from './ScreenTitle.tsx';

export function Screen({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <header className="bar">
        <ScreenTitle>{title}</ScreenTitle>
      </header>
      <ConnectionBanner />
      <div className="page">
        <div className="page-inner">{children}</div>
      </div>
    </>
  );
}
