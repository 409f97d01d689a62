import { Shield } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, RoomSummary } from '#core/session/api.ts';
import { IconButton } from '../../components/Button.tsx';

const SafetyDialog = lazy(() => import('./SafetyDialog.tsx'));

export function CompareButton({ room, member }: { readonly room: RoomSummary; readonly member: Person }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t('verify.compareOf', { name: member.name })} onPress={() => setOpen(true)}>
        <Shield size={18} />
      </IconButton>
      <Suspense>{open ? <SafetyDialog room={room} person={member} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}
