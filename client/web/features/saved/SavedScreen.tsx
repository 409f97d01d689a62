/** Messages this person kept, from all rooms. On their own devices only. */
import { Bookmark } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Screen } from '../../app/Screen.tsx';
import { useLive } from '../../app/session-context.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { PlacedLine } from './PlacedLine.tsx';

export function SavedScreen() {
  const { t } = useTranslation();
  const saved = useLive('bookmarks', 'bookmarks', (session) => session.bookmarks());
  return (
    <Screen title={t('threads.saved')} below>
      <p className="page-lead">{t('threads.savedHelp')}</p>
      <Problem code={saved.failure} />
      {saved.value === undefined && saved.failure === undefined ? <Spinner /> : null}
      {saved.value?.length === 0 ? (
        <Empty icon={<Bookmark size={28} />} title={t('threads.savedEmptyTitle')}>
          {t('threads.savedEmpty')}
        </Empty>
      ) : (
        <ul className="placed">
          {saved.value?.map((placed) => (
            <PlacedLine key={`${placed.room} ${placed.item.id}`} placed={placed} undo="bookmark" />
          ))}
        </ul>
      )}
    </Screen>
  );
}
