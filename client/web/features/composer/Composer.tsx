/** Where a message is written, in a room or in a thread; or why nothing can be written here. */
import { useTranslation } from 'react-i18next';
import type { MessagePlace, RoomSummary } from '#core/session/api.ts';
import { TypingLine } from './TypingLine.tsx';
import { Writing } from './Writing.tsx';
import './composer.css';

export function Composer({ room, thread }: { readonly room: RoomSummary; readonly thread?: MessagePlace | undefined }) {
  const { t } = useTranslation();
  if (!room.active || !room.mayWrite)
    return (
      <p className="composer composer-closed" role="note">
        {t(room.active ? 'composer.announcementsOnly' : room.away ? 'composer.away' : 'composer.inactive')}
      </p>
    );
  return (
    <div className="composer">
      <Writing key={`${room.id} ${thread?.id ?? ''}`} room={room} thread={thread} />
      <TypingLine room={room.id} />
    </div>
  );
}
