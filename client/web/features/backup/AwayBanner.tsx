/** In a room that came from a backup: why nothing new is here, and the way back in. */
import { DoorOpen } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import '../connection/connection.css';

const ComeBack = lazy(() => import('./ComeBack.tsx'));

export function AwayBanner({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const { arriving, removedHere } = useOverview();
  const [open, setOpen] = useState(false);
  // A device that was linked is brought in by the other one.
  if (!room.away || arriving !== undefined || removedHere) return null;
  return (
    <div className="connection" role="status" data-testid="away">
      <DoorOpen size={18} aria-hidden="true" />
      <p>{t('backup.away')}</p>
      <Button weight="plain" onPress={() => setOpen(true)}>
        {t('backup.awayOpen')}
      </Button>
      <Later over>{open ? <ComeBack onClose={() => setOpen(false)} /> : null}</Later>
    </div>
  );
}
