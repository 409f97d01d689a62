/** Pictures that were sent together, side by side. */
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { Picture } from './Picture.tsx';

export function Album({ items, room }: { readonly items: readonly MessageItem[]; readonly room: RoomId }) {
  const { t } = useTranslation();
  return (
    <div className="album" role="group" aria-label={t('media.album', { count: items.length })} data-count={Math.min(items.length, 4)} data-testid="album">
      {items.map((item) => (
        <Picture key={item.id} item={item} room={room} tile />
      ))}
    </div>
  );
}
