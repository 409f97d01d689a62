/** What is pinned in a room, newest first. */
import { Pin, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useLive } from '../../app/session-context.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { PlacedLine } from './PlacedLine.tsx';

export function PinsPane({ room, onClose }: { readonly room: RoomSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const pins = useLive(`pins-${room.id}`, 'pins', (session) => session.pins(room.id));
  return (
    <aside className="pane" aria-label={t('room.pins')} data-testid="pins">
      <header className="bar">
        <div className="bar-words">
          <ScreenTitle>{t('room.pins')}</ScreenTitle>
          <p className="bar-fact">
            <bdi>{room.name}</bdi>
          </p>
        </div>
        <IconButton label={t('room.closePins')} keys="Esc" onPress={onClose}>
          <X size={20} />
        </IconButton>
      </header>
      <div className="pane-body">
        <Problem code={pins.failure} />
        {pins.value === undefined && pins.failure === undefined ? <Spinner /> : null}
        {pins.value?.length === 0 ? (
          <Empty icon={<Pin size={26} />} title={t('room.pinsEmptyTitle')}>
            {t('room.pinsEmpty')}
          </Empty>
        ) : (
          <ul className="placed">
            {pins.value?.map((placed) => (
              <PlacedLine key={placed.item.id} placed={placed} undo="pin" />
            ))}
          </ul>
        )}
      </div>
    </aside>
  );
}
