import type { ReactNode } from 'react';
import { useNarrow } from './use-narrow.ts';

/** The title of a screen: the page's own on a phone, below the hub's beside a sidebar. */
export function ScreenTitle({ children }: { readonly children: ReactNode }) {
  const Heading = useNarrow() ? 'h1' : 'h2';
  return <Heading className="bar-title">{children}</Heading>;
}
