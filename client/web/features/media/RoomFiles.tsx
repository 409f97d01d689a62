/** The way to the gallery, from the pane of a room. */
import { Images } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { Button } from '../../components/Button.tsx';

export function RoomFiles({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const { replace } = useNavigation();
  return (
    <Button wide icon={<Images size={18} />} onPress={() => replace({ screen: 'room', room: room.id, pane: { what: 'files' } })}>
      {t('media.gallery')}
    </Button>
  );
}
