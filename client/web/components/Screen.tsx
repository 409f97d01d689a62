/** A page of text and lists under a head of its own. */
import type { ReactNode } from 'react';

export function Screen({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <header className="bar">
        <h2 className="bar-title">{title}</h2>
      </header>
      <div className="page">
        <div className="page-inner">{children}</div>
      </div>
    </>
  );
}
