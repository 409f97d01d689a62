import { Shield } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, RoomId } from '#core/session/api.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';

const SafetyDialog = lazy(() => import('./SafetyDialog.tsx'));

/** @param words in words, where somebody is told of; else a sign beside a name */
export function CompareButton({ room, member, words = false }: { readonly room: RoomId; readonly member: Person; readonly words?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      {words ? (
        <Button weight="plain" onPress={() => setOpen(true)}>
          {t('verify.compareAgain')}
        </Button>
      ) : (
        <IconButton label={t('verify.compareOf', { name: member.name })} onPress={() => setOpen(true)}>
          <Shield size={18} />
        </IconButton>
      )}
      <Later over>{open ? <SafetyDialog room={room} person={member} onClose={() => setOpen(false)} /> : null}</Later>
    </>
  );
}
