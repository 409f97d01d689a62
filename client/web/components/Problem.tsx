/** One sentence about what went wrong, and at most one button that helps. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionFailureCode } from '#core/session/api.ts';
import './problem.css';

export function Problem({ code, children }: { readonly code: SessionFailureCode | undefined; readonly children?: ReactNode }) {
  const { t } = useTranslation();
  if (code === undefined) return null;
  return (
    <div className="problem" role="alert" data-code={code}>
      <TriangleAlert size={18} aria-hidden="true" />
      <p>{t(`failure.${code}`)}</p>
      {children}
    </div>
  );
}
