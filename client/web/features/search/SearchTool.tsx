import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { KEYS } from '../../app/shortcuts.ts';
import { IconButton } from '../../components/Button.tsx';

/** In a room's head: leads to a search of that room. */
export function SearchTool({ room }: { readonly room: RoomId }) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <IconButton label={t('search.openInRoom')} keys={KEYS.search} onPress={() => open({ screen: 'search', looking: { text: '', room } })}>
      <Search size={20} />
    </IconButton>
  );
}
