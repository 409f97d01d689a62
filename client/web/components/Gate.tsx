/** The frame of every screen before the rooms: one column, the mark, one job. */
import type { ReactNode } from 'react';
import { Logo } from './Logo.tsx';
import './gate.css';

export function Gate({ title, lead, children }: { readonly title: string; readonly lead?: ReactNode; readonly children?: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-card">
        <Logo size={52} />
        <h1 className="gate-title">{title}</h1>
        {lead === undefined ? null : <p className="gate-lead">{lead}</p>}
        {children}
      </div>
    </main>
  );
}
