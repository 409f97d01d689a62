import type { ReactNode } from 'react';
import './empty.css';

/** Nothing here yet: what this place is for, and the next thing to do. */
export function Empty({ icon, title, children, action }: { readonly icon?: ReactNode; readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="empty">
      {icon === undefined ? null : <div className="empty-icon">{icon}</div>}
      <h2 className="empty-title">{title}</h2>
      {children === undefined ? null : <p className="empty-text">{children}</p>}
      {action}
    </div>
  );
}
