import { CircleUserRound } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';

const LookDialog = lazy(() => import('./LookDialog.tsx').then(({ LookDialog: Dialog }) => ({ default: Dialog })));

/** How one looks in this room, and a dialog to change it. */
export function LookSection({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!room.active) return null;
  return (
    <>
      <Button wide icon={<CircleUserRound size={18} />} onPress={() => setOpen(true)}>
        {t('roles.look')}
      </Button>
      {open ? (
        <Later over>
          <LookDialog room={room} onClose={() => setOpen(false)} />
        </Later>
      ) : null}
    </>
  );
}
