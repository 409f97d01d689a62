/** The middle of a wide screen while no room is open. */
import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useOverview, useRooms } from '../../app/session-context.tsx';
import { KEYS } from '../../app/shortcuts.ts';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';

export function NoRoom({ onCreate }: { readonly onCreate: () => void }) {
  const rooms = useRooms().value;
  const { arriving } = useOverview();
  if (!rooms) return null;
  return (
    <>
      <ConnectionBanner />
      {rooms.length > 0 ? <Pick /> : arriving === undefined ? <First onCreate={onCreate} /> : null}
    </>
  );
}

function Pick() {
  const { t } = useTranslation();
  return (
    <Empty icon={<MessagesSquare size={28} />} title={t('rooms.emptyPick')}>
      {t('rooms.emptyPickHelp', { shortcut: KEYS.find })}
    </Empty>
  );
}

function First({ onCreate }: { readonly onCreate: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<MessagesSquare size={28} />}
      title={t('rooms.emptyTitle')}
      action={
        <Button weight="primary" onPress={onCreate}>
          {t('rooms.create')}
        </Button>
      }
    >
      {t('rooms.empty')}
    </Empty>
  );
}
