import { useTranslation } from 'react-i18next';
import { useOverview } from '../../app/session-context.tsx';
import './connection.css';

/** The small line below the hub's name. */
export function ConnectionState() {
  const { t } = useTranslation();
  const { connection } = useOverview();
  return (
    <p className="connection-state" data-connection={connection} data-testid="connection" role="status">
      <span className="connection-mark" aria-hidden="true" />
      {t(`connection.${connection}`)}
    </p>
  );
}
