/** Who asks before a doubtful link is opened. The question is fetched only when it has to be put. */
import { createContext, lazy, useCallback, useContext, useState, type ReactNode } from 'react';
import { Later } from '../../components/Later.tsx';
import type { LinkDoubt } from './links.ts';
import type { Link } from './nodes.ts';

type Follow = (link: Link, doubt: LinkDoubt) => void;
const Context = createContext<Follow>(() => undefined);
export const useFollow = (): Follow => useContext(Context);

const LinkQuestion = lazy(async () => ({ default: (await import('./LinkQuestion.tsx')).LinkQuestion }));

export function Following({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<{ readonly link: Link; readonly doubt: LinkDoubt }>();
  return (
    <Context value={useCallback((link, doubt) => setAsked({ link, doubt }), [])}>
      {children}
      <Later over>{asked === undefined ? null : <LinkQuestion {...asked} onClose={() => setAsked(undefined)} />}</Later>
    </Context>
  );
}
