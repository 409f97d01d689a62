/** What is announced: what is coming, then what is new, with what is pinned on top. */
import { ChevronRight, Megaphone, PencilLine, PencilRuler, Rows3 } from 'lucide-react';
import { useState } from 'react';
import { Button as Pressable } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Announcement, BoardId, BoardSummary } from '#core/session/api.ts';
import { useNavigation, type Place } from '../../app/navigation.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Slow } from '../../components/Later.tsx';
import { Problem } from '../../components/Problem.tsx';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';
import { AnnouncementItem, ComingItem } from './AnnouncementItem.tsx';
import { Filters } from './Filters.tsx';
import { WriteMenu } from './WriteMenu.tsx';
import { announcesOn, isRead, useAnnouncements, useBoards, waitingAt } from './use-boards.ts';
import './boards.css';

/** So many are read at once. */
const PAGE = 30;
/** Events that stand on top; the rest are found among the others. */
const MOST_COMING = 4;

export function AnnouncementsScreen({ place }: { readonly place: Extract<Place, { screen: 'announcements' }> }) {
  const { t } = useTranslation();
  const { open, replace } = useNavigation();
  const boards = useBoards();
  const mine = boards.value?.filter(isRead) ?? [];
  const [unread, setUnread] = useState(false);
  const board = mine.find(({ id }) => id === place.board);
  return (
    <>
      <header className="bar">
        <div className="bar-words">
          <ScreenTitle>{t('boards.title')}</ScreenTitle>
        </div>
        <WriteMenu boards={announcesOn(boards.value)} icon={<PencilLine size={20} />} />
        <IconButton label={t('boards.all')} onPress={() => open({ screen: 'boards' })}>
          <Rows3 size={20} />
        </IconButton>
      </header>
      <ConnectionBanner />
      <div className="page">
        <div className="page-inner news">
          <Problem code={boards.failure} />
          {mine.length > 0 ? <Filters boards={mine} board={board?.id} unread={unread} onBoard={(id) => replace({ screen: 'announcements', board: id })} onUnread={setUnread} /> : null}
          {board === undefined ? mine.filter((one) => waitingAt(one) > 0).map((one) => <ToDesk key={one.id} board={one} />) : board.desk === undefined ? null : <ToDesk board={board} />}
          {boards.value === undefined ? boards.failure === undefined ? <Loading /> : null : mine.length === 0 ? <NoBoards /> : <Lists boards={mine} board={board?.id} unread={unread} />}
        </div>
      </div>
    </>
  );
}

const Loading = () => (
  <p role="status" aria-busy="true">
    <Slow />
  </p>
);

/** The way to the coordinators' side, and whether something waits there. */
function ToDesk({ board }: { readonly board: BoardSummary }) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const count = waitingAt(board);
  return (
    <Pressable className="to-desk" onPress={() => open({ screen: 'desk', board: board.id })}>
      <PencilRuler size={18} aria-hidden="true" />
      <span className="to-desk-words">
        <span>{t('boards.coordinateOf', { name: board.name })}</span>
        {count > 0 ? <span className="to-desk-more">{t('boards.needs', { count })}</span> : null}
      </span>
      <ChevronRight size={18} className="turn-rtl" aria-hidden="true" />
    </Pressable>
  );
}

function NoBoards() {
  const { t } = useTranslation();
  const { open } = useNavigation();
  return (
    <Empty
      icon={<Megaphone size={28} />}
      title={t('boards.emptyTitle')}
      action={
        <Button weight="primary" onPress={() => open({ screen: 'boards' })}>
          {t('boards.find')}
        </Button>
      }
    >
      {t('boards.empty')}
    </Empty>
  );
}

interface ListsProps {
  readonly boards: readonly BoardSummary[];
  readonly board: BoardId | undefined;
  readonly unread: boolean;
}

function Lists({ boards, board, unread }: ListsProps) {
  const { t } = useTranslation();
  const [pages, setPages] = useState(1);
  const where = board === undefined ? {} : { board };
  const coming = useAnnouncements({ ...where, coming: true, limit: MOST_COMING });
  const news = useAnnouncements({ ...where, unread, limit: PAGE * pages });
  const nameOf = (id: BoardId): string => boards.find((known) => known.id === id)?.name ?? '';
  const items = news.value && pinnedFirst(news.value.items);
  return (
    <>
      <Problem code={news.failure ?? coming.failure} />
      {items === undefined && news.failure === undefined ? <Loading /> : null}
      {!unread && coming.value && coming.value.items.length > 0 ? (
        <section className="section" aria-label={t('boards.coming')}>
          <h2 className="section-title">{t('boards.coming')}</h2>
          <ul className="news-list coming-list">
            {coming.value.items.map((one) => (
              <ComingItem key={one.id} of={one} boardName={nameOf(one.board)} />
            ))}
          </ul>
        </section>
      ) : null}
      {items === undefined ? null : items.length === 0 ? (
        <Empty icon={<Megaphone size={28} />} title={unread ? t('boards.nothingUnread') : t('boards.nothingTitle')}>
          {unread ? undefined : t('boards.nothing')}
        </Empty>
      ) : (
        <section className="section" aria-label={t('boards.news')}>
          <h2 className="section-title">{t('boards.news')}</h2>
          <ul className="news-list">
            {items.map((one) => (
              <AnnouncementItem key={`${one.board} ${one.id}`} of={one} boardName={nameOf(one.board)} />
            ))}
          </ul>
        </section>
      )}
      {news.value?.more === true ? <Button onPress={() => setPages(pages + 1)}>{t('boards.older')}</Button> : null}
    </>
  );
}

/** Those that were withdrawn or are over hold no place on top. */
function pinnedFirst(items: readonly Announcement[]): readonly Announcement[] {
  const onTop = ({ pinned, withdrawn, expired }: Announcement): boolean => pinned && withdrawn === undefined && !expired;
  return [...items.filter(onTop), ...items.filter((one) => !onTop(one))];
}
