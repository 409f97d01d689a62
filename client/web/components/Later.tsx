/** What comes by `import()`: until it is here something is said, once that takes a moment. */
import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Spinner } from './Spinner.tsx';
import './later.css';

interface Props {
  readonly children: ReactNode;
  /** What comes stands over the rest: a dialog, say. */
  readonly over?: boolean;
}

export function Later({ children, over = false }: Props) {
  return (
    <Suspense
      fallback={
        <div className={over ? 'later later-over' : 'later'} role="status" aria-busy="true">
          <Slow />
        </div>
      }
    >
      {children}
    </Suspense>
  );
}

/** Not seen for the first half second: most things are there by then. */
export function Slow() {
  const { t } = useTranslation();
  return (
    <span className="later-slow">
      <Spinner /> {t('common.loading')}
    </span>
  );
}
