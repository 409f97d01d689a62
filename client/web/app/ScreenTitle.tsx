import type { ReactNode } from 'react';
import { useNarrow } from './use-narrow.ts';

/** The title of a screen: the page's own on a phone, below the hub's beside a sidebar. A name in the other direction is cut at its own end. */
export function ScreenTitle({ children }: { readonly children: ReactNode }) {
  const Heading = useNarrow() ? 'h1' : 'h2';
  return (
    <Heading className="bar-title" dir="auto">
      {children}
    </Heading>
  );
}
