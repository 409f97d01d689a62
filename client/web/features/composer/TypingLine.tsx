import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useLive } from '../../app/session-context.tsx';
import { useNames } from '../timeline/names.ts';

const MOST = 3;

/** Who else is writing, where the room shows it. Its line is always there, so that nothing moves. */
export function TypingLine({ room }: { readonly room: RoomId }) {
  const { t } = useTranslation();
  const people = useLive(`typing-${room}`, 'typing', (session) => session.typing(room)).value ?? [];
  const names = useNames(people.slice(0, MOST));
  return (
    <p className="typing-line" aria-live="off" data-testid="typing">
      {people.length === 0 ? null : people.length > MOST ? t('composer.typingMany') : t('composer.typing', { count: people.length, names })}
    </p>
  );
}
