/** How far something is that takes more than a moment. */
import { ProgressBar } from 'react-aria-components';
import type { TransferId } from '#core/session/api.ts';
import { useProgress } from '../files/use-progress.ts';
import './backup.css';

export function Progress({ transfer, label }: { readonly transfer: TransferId; readonly label: string }) {
  const percent = useProgress(transfer) ?? 0;
  return (
    <ProgressBar className="backup-progress" aria-label={label} value={percent}>
      {({ valueText }) => (
        <>
          <p>
            <span>{label}</span>
            <span>{valueText}</span>
          </p>
          <span className="backup-progress-line">
            <span style={{ inlineSize: `${percent}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  );
}
